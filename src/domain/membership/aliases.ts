import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { updateAliases } from '#domain/accounts/moving-queries.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { originOf } from '#domain/origin.ts';

/** As many old accounts as one may name. */
const MOST = 10;

/** Actor ids that the account names as the same person. */
export function readAliases(row: Pick<AccountRow, 'alsoKnownAs'>): string[] {
  try {
    const list: unknown = JSON.parse(row.alsoKnownAs);
    return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

/** The actor id of an account, of this server or of another. */
export function actorIdOf(
  ctx: Pick<Context, 'config'>,
  account: Pick<AccountRow, 'uri' | 'username'>,
): string {
  return account.uri ?? `${originOf(ctx.config)}/users/${account.username}`;
}

/**
 * Names an account, already resolved, as one that the viewer had before: `alsoKnownAs`, without
 * which no server lets it move here. Doing it twice changes nothing. Throws `invalid` for oneself
 * and for too many.
 */
export function addAlias(
  ctx: Context,
  viewer: Viewer,
  old: Pick<AccountRow, 'id' | 'uri' | 'username'>,
): void {
  const uri = actorIdOf(ctx, old);
  changeAliases(ctx, viewer, (aliases) => {
    if (old.id === viewer.id) throw wrong('That is this very account.');
    if (aliases.includes(uri)) return aliases;
    if (aliases.length >= MOST) throw wrong(`You can name ${MOST} old accounts at most.`);
    return [...aliases, uri];
  });
}

/** Takes the name of an old account back. */
export function removeAlias(ctx: Context, viewer: Viewer, uri: string): void {
  changeAliases(ctx, viewer, (aliases) => aliases.filter((each) => each !== uri));
}

function changeAliases(
  ctx: Context,
  viewer: Viewer,
  change: (aliases: string[]) => string[],
): void {
  transaction(ctx.db, () => {
    const row = findAccount(ctx.db, viewer.id);
    if (!row) throw new AppError('not_found', 'There is no such account here.');
    const before = readAliases(row);
    const after = change(before);
    if (after.length === before.length) return;
    updateAliases(ctx.db, viewer.id, JSON.stringify(after));
    federate(ctx, { what: 'account', accountId: viewer.id });
  });
  emitLive(ctx, 'account.changed', { accountId: viewer.id });
}

function wrong(sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { alias: sentence } });
}
