import * as v from 'valibot';
import type { App } from '#app/app.ts';
import { makeOwner } from '#app/bootstrap-owner.ts';
import { AppError } from '#base/core/errors.ts';
import { setPassword } from '#domain/accounts/change-password.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import { createResetLink } from '#domain/accounts/reset-link.ts';
import { DEFAULT_SCOPES } from '#domain/accounts/scopes.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import { changeQuota } from '#domain/membership/change-quota.ts';
import { changeRole } from '#domain/membership/change-role.ts';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { listAccounts, type Member } from '#domain/membership/list-accounts.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { originOf } from '#domain/origin.ts';
import { command } from './command.ts';

const role = v.picklist(['owner', 'admin', 'member']);
const named = v.object({ name: v.string() });

/** What can be done with accounts; `name` is the user name. */
export const accountCommands = {
  'account.create': command(
    v.object({ name: v.string(), email: v.string(), role, password: v.string() }),
    async ({ ctx }, { name, email, role: as, password }) => {
      const wanted = { username: name, email, password };
      const account =
        as === 'owner'
          ? await makeOwner(ctx, wanted)
          : await createAccount(ctx, { ...wanted, role: as });
      return { id: String(account.id), name: account.username, role: account.role };
    },
  ),
  'account.list': command(v.object({}), ({ ctx }) => listAccounts(ctx).map(describe)),
  'account.show': command(named, (app, { name }) => describe(find(app, name))),
  'account.password': command(
    v.object({ name: v.string(), password: v.string() }),
    async (app, { name, password }) => {
      await setPassword(app.ctx, idOf(app, name), password);
    },
  ),
  'account.reset-link': command(named, (app, { name }) => {
    const { token, expiresAt } = createResetLink(app.ctx, 'console', idOf(app, name));
    return { url: `${originOf(app.ctx.config)}/reset/${token}`, expiresAt };
  }),
  'account.role': command(v.object({ name: v.string(), role }), (app, { name, role: to }) => {
    changeRole(app.ctx, 'console', idOf(app, name), to);
  }),
  'account.suspend': command(named, (app, { name }) => {
    suspendAccount(app.ctx, 'console', idOf(app, name));
  }),
  'account.restore': command(named, (app, { name }) => {
    restoreAccount(app.ctx, 'console', idOf(app, name));
  }),
  'account.delete': command(named, (app, { name }) => {
    deleteAccount(app.ctx, 'console', idOf(app, name));
  }),
  'account.quota': command(
    v.object({ name: v.string(), bytes: v.nullable(v.number()) }),
    (app, { name, bytes }) => {
      changeQuota(app.ctx, 'console', idOf(app, name), bytes);
      return describe(find(app, name));
    },
  ),
  'account.token': command(
    v.object({ name: v.string(), scopes: v.optional(v.string(), DEFAULT_SCOPES) }),
    (app, { name, scopes }) => ({
      token: createToken(app.ctx, idOf(app, name), 'command line', scopes),
    }),
  ),
};

function idOf({ ctx }: App, name: string): number {
  const account = findAccountByUsername(ctx.db, name.replace(/^@/, ''));
  if (account === null) throw new AppError('not_found', `There is no account "${name}".`);
  return account.id;
}

function find(app: App, name: string): Member {
  const id = idOf(app, name);
  const member = listAccounts(app.ctx).find((each) => each.id === id);
  if (member === undefined) throw new AppError('not_found', `There is no account "${name}".`);
  return member;
}

function describe(member: Member) {
  const { usedBytes, quotaBytes, originalsBytes, renditionsBytes } = member.storage;
  return {
    id: String(member.id),
    name: member.username,
    role: member.role ?? 'member',
    state: member.state,
    email: member.email,
    posts: member.postsCount,
    createdAt: member.createdAt,
    usedBytes,
    originalsBytes,
    renditionsBytes,
    quotaBytes,
  };
}
