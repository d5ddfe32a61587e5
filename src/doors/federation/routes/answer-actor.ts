import type { Context } from '#base/context.ts';
import { type AccountRow, findAccountByUsername } from '#domain/accounts/queries.ts';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { actorDocument } from '#doors/federation/documents/actor.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { tombstone } from '#doors/federation/documents/tombstone.ts';
import { notFound } from '#doors/http/errors.ts';
import { activityResponse } from './negotiate.ts';
import { isKnownGone } from './queries.ts';
import { type Reader, readReader } from './reader.ts';

/** A local account for other servers: at `/users/name`, and at `/@name` for who wants no page (`wantsActivity`). */
export async function answerActor(ctx: Context, request: Request, name: string): Promise<Response> {
  const reader = await readReader(ctx, request);
  const account = findOwnActor(ctx, name);
  if (account === null) {
    const uri = idsOf(ctx.config).actor(name);
    if (!reader.closed && isKnownGone(ctx.db, uri)) {
      return activityResponse(request, tombstone(uri), { cache: cacheOf(reader), status: 410 });
    }
    throw notFound(request);
  }
  const { publicPem } = await readSigningKey(ctx, account.id);
  return activityResponse(request, actorDocument(ctx, account, publicPem), {
    cache: cacheOf(reader),
  });
}

/** The local account of that name that others may know of; null if it is hidden or not there. */
export function findOwnActor(ctx: Context, name: string): AccountRow | null {
  const account = findAccountByUsername(ctx.db, name);
  if (!account || account.domain !== null) return null;
  return account.suspendedAt === null && account.deletionAt === null ? account : null;
}

/** Where signatures count, answers are for who signed. */
export function cacheOf(reader: Reader): 'public' | 'private' {
  return reader.strict || reader.account !== null ? 'private' : 'public';
}
