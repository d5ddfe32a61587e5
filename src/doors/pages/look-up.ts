import type { Context } from '#base/context.ts';
import { createBuckets } from '#base/core/buckets.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isFederating } from '#domain/federate.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { DocumentError } from '#doors/federation/remote/document-error.ts';
import { isOwnDomain, parseHandle } from '#doors/federation/remote/handles.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { askWebfinger } from '#doors/federation/remote/webfinger.ts';
import { findNamed } from './find-profile.ts';

/** How often one person may have another server asked. */
const LOOKS = { limit: 30, windowMs: 5 * 60_000 };
const desks = new WeakMap<Context, ReturnType<typeof createBuckets>>();

/** Counts one question to other servers; `key` is who has it asked. Throws `too_many`. */
export function countLook(ctx: Context, key: string): void {
  const buckets = desks.get(ctx) ?? createBuckets(LOOKS, ctx.now);
  desks.set(ctx, buckets);
  const rate = buckets.take(key);
  if (!rate.allowed) {
    const sentence = 'That were many questions to other servers; wait a little.';
    throw new AppError('too_many', sentence, { retryAfter: rate.retryAfter });
  }
}

/**
 * The account of `@name@server` for a member: as known, else its server is asked. Throws with a
 * sentence that says why there is none: `not_found`, `forbidden` (blocked here), `unavailable` (that
 * server does not answer), `invalid`.
 */
export async function lookUp(ctx: Context, viewer: Viewer, text: string): Promise<AccountRow> {
  const handle = parseHandle(text);
  if (handle === null) {
    throw new AppError('invalid', 'Write the address of somebody like @name@example.social.');
  }
  const name = `@${handle.username}@${handle.domain}`;
  const bare = name.slice(1);
  const known = findNamed(ctx, bare);
  if (known && known.suspendedAt === null) return known;
  if (known || isOwnDomain(ctx.config, handle.domain)) throw nobody(name);
  if (!isFederating(ctx)) {
    throw new AppError('not_found', 'This place does not speak with other servers.');
  }
  if (policyOf(ctx, handle.domain) === 'blocked') throw blocked(handle.domain);
  countLook(ctx, `a${viewer.id}`);
  try {
    const finger = await askWebfinger(ctx, handle);
    const found = await resolveActor(ctx, finger.uri, { heard: finger });
    if (found === null || found.suspendedAt !== null) throw nobody(name);
    return found;
  } catch (error) {
    throw error instanceof DocumentError ? explain(error, handle.domain, name) : error;
  }
}

/** A failure of another server as a sentence for the person who asked. */
function explain(error: DocumentError, host: string, name: string): AppError {
  const options = { cause: error };
  switch (error.failure) {
    case 'gone':
      return new AppError('not_found', `${host} knows nobody called ${name}.`, options);
    case 'refused':
      return new AppError('forbidden', `${host} does not tell us about ${name}.`, options);
    case 'unreachable':
      return new AppError('unavailable', `${host} does not answer. Try again later.`, options);
    case 'invalid':
      return new AppError('not_found', `Nobody can be followed at ${name}.`, options);
  }
}

/** Says that a server is kept out here. */
export function blocked(host: string): AppError {
  return new AppError('forbidden', `${host} is blocked here, so nothing of it is shown.`);
}

function nobody(name: string): AppError {
  return new AppError('not_found', `There is nobody called ${name}.`);
}
