import type { Context } from '#base/context.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { findKnownKey } from './find-key.ts';

/**
 * The account whose key a request names, unproven, if that key is known here; asks nobody. For what
 * is only worth verifying if we know the sender, like the farewell of an account (T24).
 */
export function findKnownSigner(ctx: Context, headers: Headers): AccountRow | null {
  const source = headers.get('signature-input') ?? headers.get('signature') ?? '';
  const keyId = /(?:^|[;,\s])keyid="([^"]{1,2048})"/i.exec(source)?.[1];
  const key = keyId === undefined ? null : findKnownKey(ctx, keyId);
  return key === null ? null : findAccount(ctx.db, key.accountId);
}
