import { resolve } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

const text = { type: 'string' as const };

const subverbs: Readonly<Record<string, Subverb>> = {
  status: {
    help: 'whether this place ends, when, and who has taken everything along',
    usage: '',
    run: async ({ admin }) => {
      const status = await admin('closing.status', {});
      const { closing, people } = status;
      const rows = people.map((row) => [row.username, row.archive ?? 'none', row.movedTo ?? '']);
      const lead =
        closing === null
          ? 'Nothing is announced.'
          : `Closes on ${dayOf(closing.closesAt)}; announced on ${dayOf(closing.announcedAt)}.`;
      const list = closing === null ? [] : ['', table(['account', 'archive', 'moved to'], rows)];
      return { value: status, text: [lead, ...list].join('\n') };
    },
  },
  announce: {
    help: 'tells everybody that this place ends on a day: no new accounts, archives for all, reminders',
    usage: 'DAY [--message TEXT]',
    options: { message: text },
    run: async ({ admin, names: [day = ''], values }) => {
      const closesAt = new Date(`${day}T23:59:59.999`).getTime();
      if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(closesAt)) {
        throw new UsageError('DAY is a day like 2027-01-31');
      }
      const message = typeof values.message === 'string' ? values.message : '';
      const closing = await admin('closing.announce', { closesAt, message });
      return { value: closing, text: `Everybody is told that this place closes on ${day}.` };
    },
  },
  'call-off': {
    help: 'takes the announcement back',
    usage: '',
    run: async ({ admin }) => {
      await admin('closing.call_off', {});
      return { value: {}, text: 'This place stays open.' };
    },
  },
  copy: {
    help: 'writes all that strangers see into a folder as plain files, for any web server',
    usage: 'FOLDER',
    run: async ({ admin, names: [folder = ''] }) => {
      const copy = await admin('closing.copy', { to: resolve(folder) });
      const { path, pages, files, bytes } = copy;
      const all = `${pages} pages and ${files} files, ${formatBytes(bytes)}`;
      return { value: copy, text: `${all}, lie in ${path}. Open index.html there.` };
    },
  },
};

/** `tintype closing …`: end a place kindly. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('closing', subverbs, argv);
}

/** What can be done with `tintype closing`. */
export function details(): string {
  return describeSubverbs('closing', subverbs);
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
