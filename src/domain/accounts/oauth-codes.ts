import { createHash } from 'node:crypto';
import type { Context } from '#base/context.ts';
import { hashSecret, randomName, sameSecret } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLater } from '#domain/emit-live.ts';
import type { OauthApp } from './apps.ts';
import { type GrantedToken, grantToken } from './grant-token.ts';
import {
  findOauthCode,
  insertOauthCode,
  type OauthCodeRow,
  useOauthCode,
} from './oauth-code-queries.ts';
import { findAccount } from './queries.ts';
import { deleteToken } from './token-queries.ts';
import type { Viewer } from './viewer.ts';

const CODE_MS = 10 * 60_000;

/** What a person allows: to whom, what, and where the code goes. */
export type Grant = {
  app: OauthApp;
  redirectUri: string;
  scopes: readonly string[];
  /** S256 of RFC 7636, or null. */
  challenge: string | null;
};

/** Makes the one-time code (10 minutes) by which an app fetches what the viewer allowed it. */
export function grantCode(ctx: Pick<Context, 'db' | 'now'>, viewer: Viewer, grant: Grant): string {
  const raw = randomName(32);
  insertOauthCode(ctx.db, {
    codeHash: hashSecret(raw),
    appId: grant.app.id,
    accountId: viewer.id,
    redirectUri: grant.redirectUri,
    scopes: grant.scopes.join(' '),
    challenge: grant.challenge,
    expiresAt: ctx.now() + CODE_MS,
  });
  return raw;
}

/**
 * Turns a code into a token. Null if the code is unknown, too old, of another app, or was asked for
 * with another address or challenge; a second use also ends the token of the first, since then two
 * have the code (RFC 6749 §4.1.2; T88).
 */
export function spendCode(
  ctx: Pick<Context, 'db' | 'now' | 'newId' | 'live'>,
  app: OauthApp,
  shown: { code: string; redirectUri: string; verifier: string | null },
): GrantedToken | null {
  if (shown.code === '' || shown.code.length > 200) return null;
  return transaction(ctx.db, () => {
    const code = findOauthCode(ctx.db, hashSecret(shown.code));
    if (code === null || code.appId !== app.id) return null;
    if (code.tokenId !== null) {
      endReplayed(ctx, code.accountId, code.tokenId);
      return null;
    }
    if (code.expiresAt <= ctx.now() || code.redirectUri !== shown.redirectUri) return null;
    if (!fitsChallenge(code, shown.verifier) || !isActive(ctx, code.accountId)) return null;
    const { id, ...token } = grantToken(ctx, app, code.accountId, code.scopes.split(' '));
    useOauthCode(ctx.db, code.codeHash, id);
    return token;
  });
}

/** A verifier without a challenge is refused, too: somebody took the challenge out on its way (RFC 9700 §4.8.2). */
function fitsChallenge({ challenge }: OauthCodeRow, verifier: string | null): boolean {
  if (challenge === null) return verifier === null;
  if (verifier === null || !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  return sameSecret(createHash('sha256').update(verifier).digest('base64url'), challenge);
}

function isActive(ctx: Pick<Context, 'db'>, accountId: number): boolean {
  const account = findAccount(ctx.db, accountId);
  return account !== null && account.role !== null && account.suspendedAt === null;
}

function endReplayed(ctx: Pick<Context, 'db' | 'live'>, accountId: number, tokenId: number): void {
  if (deleteToken(ctx.db, accountId, tokenId)) {
    emitLater(ctx, 'token.ended', { accountId, tokenId });
  }
}
