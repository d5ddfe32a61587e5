import type { Context } from '#base/context.ts';
import { findPost } from '#domain/posts/queries.ts';
import { claimThread } from '#domain/posts/thread-queries.ts';
import { idOf } from '#doors/federation/inbound/values.ts';
import { readCollection, takeTurn } from './crawl.ts';
import { isUnreachable } from './document-error.ts';
import { resolvePost } from './resolve-post.ts';

const HOUR = 3_600_000;
const HIGHEST = 20;

/**
 * Has the answers to a remote post fetched, and what stands above it, because a member looks at it: in
 * the background, at most once an hour for each post.
 */
export function fetchThread(ctx: Context, postId: number): void {
  readThread(ctx, postId).catch((error: unknown) => {
    ctx.log.debug('A conversation could not be read.', { postId, error });
  });
}

/** Does what `fetchThread` begins, and answers how many answers are here afterwards. */
export async function readThread(ctx: Context, postId: number): Promise<number> {
  const now = ctx.now();
  if (!claimThread(ctx.db, { postId, since: now - HOUR, now })) return 0;
  const post = findPost(ctx.db, postId);
  if (post === null) return 0;
  if (post.inReplyToId === null && post.inReplyToUri !== null) {
    await resolvePost(ctx, post.inReplyToUri, { depth: HIGHEST }).catch(skipUnreachable);
  }
  if (post.repliesUrl === null) return 0;
  const items = await readCollection(ctx, post.repliesUrl);
  const uris = [...new Set(items.flatMap((item) => idOf(item) ?? []))];
  return await resolveAll(ctx, uris);
}

function skipUnreachable(error: unknown): null {
  if (isUnreachable(error)) return null;
  throw error;
}

/** What an answer says is asked of its own server, whatever the collection has of it (T7). */
async function resolveAll(ctx: Context, uris: readonly string[]): Promise<number> {
  const found = await Promise.allSettled(
    uris.map((uri) => takeTurn(ctx, uri, () => resolvePost(ctx, uri))),
  );
  return found.filter((each) => each.status === 'fulfilled' && each.value !== null).length;
}
