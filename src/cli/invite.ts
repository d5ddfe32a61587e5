import { parseDuration } from '#base/core/duration.ts';
import { type Answer, type Call, describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { moment, table } from './table.ts';
import { UsageError } from './usage-error.ts';

const text = { type: 'string' as const };

const subverbs: Readonly<Record<string, Subverb>> = {
  create: {
    help: 'prints a link with which people join; one person and seven days unless said otherwise',
    usage: '[--uses N] [--expires 7d|never] [--note TEXT]',
    options: { uses: text, expires: text, note: text },
    run: createInvite,
  },
  list: { help: 'the links that still let somebody in', usage: '', run: listInvites },
  revoke: {
    help: 'takes a link back; who joined with it stays',
    usage: 'ID',
    run: async ({ admin, names: [id = ''] }) => {
      await admin('invite.revoke', { id });
      return { value: { id }, text: 'The invite opens nothing any more.' };
    },
  },
};

/** `tintype invite …`: makes, lists and takes back invite links. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('invite', subverbs, argv);
}

/** What can be done with `tintype invite`. */
export function details(): string {
  return describeSubverbs('invite', subverbs);
}

async function createInvite({ admin, values }: Call): Promise<Answer> {
  const uses = typeof values.uses === 'string' ? Number(values.uses) : 1;
  if (!Number.isInteger(uses)) throw new UsageError('--uses is a number of people');
  const expires = typeof values.expires === 'string' ? values.expires : '7d';
  const expiresIn = expires === 'never' ? null : parseDuration(expires);
  if (expiresIn === null && expires !== 'never') {
    throw new UsageError('--expires is like 12h, 7d or never');
  }
  const note = typeof values.note === 'string' ? values.note : '';
  const invite = await admin('invite.create', { uses, expiresIn, note });
  const end = invite.expiresAt === null ? 'no end' : `until ${moment(invite.expiresAt)}`;
  const people = uses === 1 ? 'one person' : `${uses} people`;
  return { value: invite, text: `${invite.url}\n(for ${people}, ${end})` };
}

async function listInvites({ admin }: Call): Promise<Answer> {
  const invites = await admin('invite.list', {});
  const rows = invites.map((invite) => [
    invite.id,
    invite.usesLeft,
    invite.expiresAt === null ? 'never' : moment(invite.expiresAt),
    invite.createdBy ?? 'command line',
    invite.note,
  ]);
  const text =
    rows.length === 0
      ? 'There are no open invites.'
      : table(['id', 'uses left', 'ends', 'made by', 'note'], rows);
  return { value: invites, text };
}
