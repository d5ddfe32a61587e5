import type { Context } from '#base/context.ts';
import { hashSecret, randomName } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { touchApp } from './app-queries.ts';
import { findAppToken, insertAppToken, trimAppTokens } from './app-token-queries.ts';
import type { OauthApp } from './apps.ts';
import { TOKEN_MS } from './grant-token.ts';

/** Tokens of one app at the same time; it needs one. */
const KEEP = 20;

/** What an app may do by itself, without a person. */
export type AppToken = { appId: number; scopes: string[] };

/** Makes a token for an app itself (client credentials, RFC 6749 §4.4); the answer is the only time that it is seen. */
export function grantAppToken(
  ctx: Pick<Context, 'db' | 'now'>,
  app: OauthApp,
  scopes: readonly string[],
): { accessToken: string; createdAt: number; expiresAt: number } {
  const raw = randomName(32);
  const createdAt = ctx.now();
  const expiresAt = createdAt + TOKEN_MS;
  transaction(ctx.db, () => {
    const tokenHash = hashSecret(raw);
    trimAppTokens(ctx.db, app.id, KEEP - 1);
    insertAppToken(ctx.db, {
      tokenHash,
      appId: app.id,
      scopes: scopes.join(' '),
      createdAt,
      expiresAt,
    });
    touchApp(ctx.db, app.id, createdAt);
  });
  return { accessToken: raw, createdAt, expiresAt };
}

/** Reads which app a token belongs to; null if it is unknown or over. */
export function readAppToken(ctx: Pick<Context, 'db' | 'now'>, raw: string): AppToken | null {
  if (raw === '' || raw.length > 200) return null;
  const token = findAppToken(ctx.db, hashSecret(raw));
  if (!token || token.expiresAt <= ctx.now()) return null;
  return { appId: token.appId, scopes: token.scopes.split(' ') };
}
