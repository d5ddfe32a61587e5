import type { CommandOutput } from '#app/admin/commands.ts';
import { formatBytes, parseBytes } from '#base/core/bytes.ts';
import { readPassword } from './read-password.ts';
import { type Answer, type Call, describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { moment, table } from './table.ts';
import { textValue } from './text-value.ts';
import { UsageError } from './usage-error.ts';

const flag = { type: 'boolean' as const };
const text = { type: 'string' as const };

const subverbs: Readonly<Record<string, Subverb>> = {
  create: {
    help: 'makes an account; asks for the password unless it comes on standard input',
    usage: 'NAME --email E [--owner|--admin] [--password-stdin]',
    options: { email: text, owner: flag, admin: flag, 'password-stdin': flag },
    starts: (values) => values.owner === true,
    run: createAccount,
  },
  list: { help: 'every account with role, state and storage', usage: '', run: listAccounts },
  show: {
    help: 'one account',
    usage: 'NAME',
    run: async ({ admin, names: [name = ''] }) => {
      const account = await admin('account.show', { name });
      return { value: account, text: describe(account) };
    },
  },
  password: {
    help: 'sets a new password; all devices and apps of the account are signed out',
    usage: 'NAME [--password-stdin]',
    options: { 'password-stdin': flag },
    run: async ({ admin, names: [name = ''], values }) => {
      await admin('account.password', { name, password: await readPassword(values) });
      return done(name, `The password of ${name} is changed; all devices and apps are signed out.`);
    },
  },
  'reset-link': {
    help: 'a link with which the person sets a new password; works once and for 24 hours',
    usage: 'NAME',
    run: async ({ admin, names: [name = ''] }) => {
      const link = await admin('account.reset-link', { name });
      return { value: link, text: `${link.url}\n(works once, until ${moment(link.expiresAt)})` };
    },
  },
  role: {
    help: 'makes somebody an admin or a member again, or hands this place over (owner)',
    usage: 'NAME ROLE',
    run: async ({ admin, names: [name = '', role = ''] }) => {
      if (role !== 'owner' && role !== 'admin' && role !== 'member') {
        throw new UsageError('ROLE is owner, admin or member');
      }
      await admin('account.role', { name, role });
      return done(name, `${name} is ${role} now.`);
    },
  },
  suspend: {
    help: 'hides an account with everything in it; nothing is lost',
    usage: 'NAME',
    run: async ({ admin, names: [name = ''] }) => {
      await admin('account.suspend', { name });
      return done(name, `${name} is suspended: nothing of the account is shown, nothing is lost.`);
    },
  },
  restore: {
    help: 'lifts a suspension: everything is shown again',
    usage: 'NAME',
    run: async ({ admin, names: [name = ''] }) => {
      await admin('account.restore', { name });
      return done(name, `${name} is there again.`);
    },
  },
  delete: {
    help: 'deletes an account with everything in it, for ever',
    usage: 'NAME --yes',
    options: { yes: flag },
    run: deleteAccount,
  },
  quota: {
    help: 'how much an account may store: 20GB, none (no limit) or default',
    usage: 'NAME SIZE',
    run: changeQuota,
  },
  token: {
    help: 'prints an access token for scripts; it is shown only this once',
    usage: 'NAME [--scopes "read write follow push"]',
    options: { scopes: text },
    run: async ({ admin, names: [name = ''], values: { scopes } }) => {
      const answer = await admin('account.token', {
        name,
        ...(typeof scopes === 'string' ? { scopes } : {}),
      });
      return { value: answer, text: answer.token };
    },
  },
};

/** `tintype account …`: makes, shows and changes accounts. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('account', subverbs, argv);
}

/** What can be done with `tintype account`. */
export function details(): string {
  return describeSubverbs('account', subverbs);
}

type Account = CommandOutput<'account.show'>;

function done(name: string, sentence: string): Answer {
  return { value: { name }, text: sentence };
}

async function createAccount({ admin, names: [name = ''], values }: Call): Promise<Answer> {
  if (values.owner === true && values.admin === true) {
    throw new UsageError('It is either --owner or --admin');
  }
  const role = values.owner === true ? 'owner' : values.admin === true ? 'admin' : 'member';
  const email = textValue(values, 'email');
  const password = await readPassword(values);
  const account = await admin('account.create', { name, email, role, password });
  return { value: account, text: `${account.name} is there (${account.role}).` };
}

async function listAccounts({ admin }: Call): Promise<Answer> {
  const accounts = await admin('account.list', {});
  const rows = accounts.map((account) => [
    account.name,
    account.role,
    account.state,
    account.posts,
    formatBytes(account.usedBytes),
    account.quotaBytes === null ? 'no limit' : formatBytes(account.quotaBytes),
    account.email,
  ]);
  const headings = ['name', 'role', 'state', 'posts', 'stored', 'quota', 'e-mail'];
  return {
    value: accounts,
    text: accounts.length === 0 ? 'There are no accounts yet.' : table(headings, rows),
  };
}

async function deleteAccount({ admin, names: [name = ''], values }: Call): Promise<Answer> {
  if (values.yes !== true) {
    throw new UsageError(`Everything of ${name} goes for ever; say --yes if that is meant`);
  }
  await admin('account.delete', { name });
  return done(name, `${name} is deleted; the files go while the server runs.`);
}

async function changeQuota({ admin, names: [name = '', size = ''] }: Call): Promise<Answer> {
  const bytes = size === 'default' ? null : size === 'none' ? 0 : parseBytes(size);
  if (bytes === null && size !== 'default') {
    throw new UsageError('SIZE is like 20GB, "none" for no limit, or "default"');
  }
  const account = await admin('account.quota', { name, bytes });
  return { value: account, text: describe(account) };
}

function describe(account: Account): string {
  const quota = account.quotaBytes === null ? 'no limit' : formatBytes(account.quotaBytes);
  return [
    `name     ${account.name}`,
    `role     ${account.role}`,
    `state    ${account.state}`,
    `e-mail   ${account.email}`,
    `since    ${moment(account.createdAt)}`,
    `posts    ${account.posts}`,
    `stored   ${formatBytes(account.usedBytes)} of ${quota}`,
  ].join('\n');
}
