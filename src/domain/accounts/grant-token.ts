import type { Context } from '#base/context.ts';
import { hashSecret, randomName } from '#base/core/secrets.ts';
import { touchApp } from './app-queries.ts';
import type { OauthApp } from './apps.ts';
import { insertToken } from './token-queries.ts';

/** How long an app's token lives: most apps never renew one, and ask the person to sign in again. */
export const TOKEN_MS = 365 * 86_400_000;

/** What an app is handed, the only time that it is seen; times in milliseconds. */
export type GrantedToken = {
  accessToken: string;
  refreshToken: string;
  scopes: readonly string[];
  createdAt: number;
  expiresAt: number;
};

/** Fresh secrets with what is stored of them. */
export function newSecrets(ctx: Pick<Context, 'now'>) {
  const accessToken = randomName(32);
  const refreshToken = randomName(32);
  const createdAt = ctx.now();
  return {
    accessToken,
    refreshToken,
    tokenHash: hashSecret(accessToken),
    refreshHash: hashSecret(refreshToken),
    createdAt,
    expiresAt: createdAt + TOKEN_MS,
  };
}

/** Makes the token of an app for an account, inside the caller's transaction. */
export function grantToken(
  ctx: Pick<Context, 'db' | 'now' | 'newId'>,
  app: OauthApp,
  accountId: number,
  scopes: readonly string[],
): GrantedToken & { id: number } {
  const { tokenHash, refreshHash, ...secrets } = newSecrets(ctx);
  const id = ctx.newId();
  insertToken(ctx.db, {
    id,
    tokenHash,
    accountId,
    name: app.name,
    scopes: scopes.join(' '),
    now: secrets.createdAt,
    appId: app.id,
    refreshHash,
    expiresAt: secrets.expiresAt,
  });
  touchApp(ctx.db, app.id, secrets.createdAt);
  return { id, scopes, ...secrets };
}
