import type { Context } from '#base/context.ts';
import {
  type AccountRow,
  findAccountByHandle,
  findAccountByUsername,
} from '#domain/accounts/queries.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { settleFailure } from './document-error.ts';
import { isOwnDomain, parseHandle } from './handles.ts';
import { resolveActor } from './resolve-actor.ts';
import { askWebfinger } from './webfinger.ts';

/**
 * The account of `user@domain` (also `@user@domain`, `acct:…`), ours or from its server (WebFinger,
 * then the actor, then back: T36). Null if there is none, or nobody that may be
 * spoken with; throws `unavailable` when its server does not answer.
 */
export async function resolveHandle(ctx: Context, text: string): Promise<AccountRow | null> {
  const handle = parseHandle(text);
  if (handle === null) return null;
  const { username, domain } = handle;
  if (isOwnDomain(ctx.config, domain)) return findAccountByUsername(ctx.db, username);
  if (policyOf(ctx, domain) === 'blocked') return null;
  const known = findAccountByHandle(ctx.db, username, domain);
  if (known?.uri) return await resolveActor(ctx, known.uri);
  try {
    const finger = await askWebfinger(ctx, handle);
    return await resolveActor(ctx, finger.uri, { heard: finger });
  } catch (error) {
    ctx.log.debug('A handle led to nobody.', { handle: text, error });
    return settleFailure(error);
  }
}
