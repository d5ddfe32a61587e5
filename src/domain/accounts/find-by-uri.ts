import type { Context } from '#base/context.ts';
import { readOwnAddress } from '#domain/own-address.ts';
import { type AccountRow, findAccountByHandle, findAccountByUri } from './queries.ts';

/** The account that an actor id names, of this server or of another one, if it is known here. */
export function readAccountByUri(
  ctx: Pick<Context, 'config' | 'db'>,
  uri: string,
): AccountRow | null {
  const own = readOwnAddress(ctx.config, uri);
  if (own === null) return findAccountByUri(ctx.db, uri);
  return own.kind === 'account' ? findAccountByHandle(ctx.db, own.username, null) : null;
}
