import { type Answer, type Call, describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { moment, table } from './table.ts';
import { UsageError } from './usage-error.ts';

const text = { type: 'string' as const };
const flag = { type: 'boolean' as const };
const words = { reason: text, note: text };
const SAID = { block: 'is blocked', limit: 'is limited', allow: 'is allowed' } as const;

const subverbs: Readonly<Record<string, Subverb>> = {
  list: { help: 'every rule for other servers', usage: '', run: listRules },
  block: {
    help: 'nothing comes from it and nothing goes there; what is here of it is hidden, follows end',
    usage: 'DOMAIN [--reason TEXT] [--note TEXT]',
    options: words,
    run: (call) => setRule(call, 'block'),
  },
  limit: {
    help: 'keeps it out of public lists, and out of the notifications of who follows nobody there',
    usage: 'DOMAIN [--reason TEXT] [--note TEXT]',
    options: words,
    run: (call) => setRule(call, 'limit'),
  },
  allow: {
    help: 'speaks with it, where only allowed domains are or where one above it is blocked',
    usage: 'DOMAIN [--reason TEXT] [--note TEXT]',
    options: words,
    run: (call) => setRule(call, 'allow'),
  },
  remove: {
    help: 'takes its rule back; what a block hid is shown again, follows do not come back',
    usage: 'DOMAIN',
    run: async ({ admin, names: [domain = ''] }) => {
      await admin('domain.remove', { domain });
      return { value: { domain }, text: `There is no rule for ${domain} any more.` };
    },
  },
  import: {
    help: 'takes over a list: CSV of Mastodon or a domain a line; "-" reads standard input',
    usage: 'FILE [--as block|limit|allow]',
    options: { as: text },
    run: importList,
  },
  export: {
    help: 'prints blocked and limited domains as CSV for Mastodon and others, or the allowed ones',
    usage: '[--allowed]',
    options: { allowed: flag },
    run: async ({ admin, values }) => {
      const what = values.allowed === true ? 'allowed' : 'blocks';
      const csv = await admin('domain.export', { what });
      return { value: { csv }, text: csv.trimEnd() };
    },
  },
};

/** `tintype domains …`: rules for other servers. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('domains', subverbs, argv);
}

/** What can be done with `tintype domains`. */
export function details(): string {
  return describeSubverbs('domains', subverbs);
}

async function listRules({ admin }: Call): Promise<Answer> {
  const rules = await admin('domain.list', {});
  const rows = rules.map(({ domain, rule, createdAt, reason, note }) => [
    ...[domain, rule, moment(createdAt), reason],
    note,
  ]);
  return {
    value: rules,
    text:
      rows.length === 0
        ? 'There are no rules for domains.'
        : table(['domain', 'rule', 'since', 'reason', 'note'], rows),
  };
}

async function setRule(
  { admin, names: [domain = ''], values: { reason, note } }: Call,
  rule: keyof typeof SAID,
): Promise<Answer> {
  const made = await admin('domain.set', {
    ...{ domain, rule },
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof note === 'string' ? { note } : {}),
  });
  return { value: made, text: `${made.domain} ${SAID[rule]}.` };
}

async function importList({ admin, names: [file = ''], values }: Call): Promise<Answer> {
  const { as = 'block' } = values;
  if (as !== 'block' && as !== 'limit' && as !== 'allow') {
    throw new UsageError('--as is block, limit or allow');
  }
  const list = file === '-' ? Bun.stdin : Bun.file(file);
  if (file !== '-' && !(await Bun.file(file).exists())) {
    throw new UsageError(`There is no file ${file}`);
  }
  const done = await admin('domain.import', { text: await list.text(), fallback: as });
  const lines = [
    `${done.added} added, ${done.tightened} blocked that were limited, ${done.kept} kept as they were.`,
    ...done.skipped.map(({ line, domain, why }) => `left out line ${line}, ${domain}: ${why}`),
  ];
  return { value: done, text: lines.join('\n') };
}
