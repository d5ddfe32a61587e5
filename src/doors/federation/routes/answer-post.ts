import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { findPost } from '#domain/posts/queries.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { isOpen } from '#domain/posts/visibility.ts';
import { createActivity } from '#doors/federation/documents/activities.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import { tombstone } from '#doors/federation/documents/tombstone.ts';
import { notFound } from '#doors/http/errors.ts';
import { cacheOf } from './answer-actor.ts';
import { activityResponse } from './negotiate.ts';
import { isKnownGone, isReadable } from './queries.ts';
import { identifyReader, type Reader, readReader } from './reader.ts';

export type PostAddress = { name: string; id: string };

/**
 * A local post for other servers: at `/users/name/posts/ID` (with `activity`: the Create that brought
 * it), and at `/@name/ID` for who wants no page. Open ones for everybody; others for accounts that
 * may see them and sign for themselves. Hidden and missing are the same 404, made at the same cost.
 */
export async function answerPost(
  ctx: Context,
  request: Request,
  address: PostAddress,
  form: 'note' | 'activity' = 'note',
): Promise<Response> {
  const anybody = await readReader(ctx, request);
  const open = findReadable(ctx, address, anybody);
  const reader = open === null ? await identifyReader(ctx, request, anybody) : anybody;
  const post = open ?? (reader === anybody ? null : findReadable(ctx, address, reader));
  if (post === null) {
    const uri = findGone(ctx, address, anybody);
    if (uri === null) throw notFound(request);
    return activityResponse(request, tombstone(uri), { cache: cacheOf(reader), status: 410 });
  }
  const forDomain = reader.account?.domain ?? null;
  const note = noteDocument(ctx, post, forDomain === null ? {} : { forDomain });
  const document = form === 'activity' ? createActivity(note) : note;
  const cache = isOpen(post.visibility) ? cacheOf(reader) : 'private';
  return activityResponse(request, document, { cache });
}

/** The post if this reader may have it; everything else is null. */
export function findReadable(ctx: Context, address: PostAddress, reader: Reader): PostRow | null {
  const id = parseId(address.id);
  if (id === null) return null;
  const readable = isReadable(ctx.db, {
    id,
    name: address.name,
    readerId: reader.account?.id ?? 0,
    closed: reader.closed ? 1 : 0,
  });
  return readable ? findPost(ctx.db, id) : null;
}

/** The id of what everybody saw once. In a family nothing was ever for everybody, so nobody learns what was there (T110). */
function findGone(ctx: Context, address: PostAddress, reader: Reader): string | null {
  const id = parseId(address.id);
  if (id === null || reader.closed) return null;
  const uri = idsOf(ctx.config).post(address.name, id);
  return isKnownGone(ctx.db, uri) ? uri : null;
}
