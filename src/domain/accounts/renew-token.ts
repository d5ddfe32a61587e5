import type { Context } from '#base/context.ts';
import { hashSecret } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLater } from '#domain/emit-live.ts';
import { touchApp } from './app-queries.ts';
import type { OauthApp } from './apps.ts';
import { type GrantedToken, newSecrets } from './grant-token.ts';
import {
  deleteToken,
  findTokenByRefresh,
  findTokenBySpentRefresh,
  renewSecrets,
} from './token-queries.ts';

/**
 * Turns an app's refresh token into fresh secrets of the same token (RFC 6749 §6); the old ones end.
 * Null if it is unknown, of another app or of a suspended account. A refresh token that is shown a
 * second time ends the whole token: two have it, and one of them stole it (RFC 9700 §4.14).
 */
export function renewToken(
  ctx: Pick<Context, 'db' | 'now' | 'live'>,
  app: OauthApp,
  raw: string,
): GrantedToken | null {
  if (raw === '' || raw.length > 200) return null;
  const shown = hashSecret(raw);
  return transaction(ctx.db, () => {
    const token = findTokenByRefresh(ctx.db, shown);
    if (token === null || token.appId !== app.id) {
      endStolen(ctx, app, shown);
      return null;
    }
    const { tokenHash, refreshHash, ...secrets } = newSecrets(ctx);
    renewSecrets(ctx.db, {
      id: token.id,
      tokenHash,
      refreshHash,
      spent: shown,
      expiresAt: secrets.expiresAt,
    });
    touchApp(ctx.db, app.id, secrets.createdAt);
    return { ...secrets, scopes: token.scopes.split(' ') };
  });
}

function endStolen(ctx: Pick<Context, 'db' | 'live'>, app: OauthApp, shown: string): void {
  const stolen = findTokenBySpentRefresh(ctx.db, shown);
  if (stolen === null || stolen.appId !== app.id) return;
  const { accountId, id } = stolen;
  deleteToken(ctx.db, accountId, id);
  emitLater(ctx, 'token.ended', { accountId, tokenId: id });
}
