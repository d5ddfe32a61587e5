import type { Context } from '#base/context.ts';
import { perValue } from '#base/core/per-value.ts';
import { createSingleFlight } from '#base/core/single-flight.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { hasTombstone } from '#domain/posts/remote-queries.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { isUnreachable, settleFailure } from './document-error.ts';
import { type FoundPost, findPostAt, keepPost } from './found-post.ts';
import { readAddress } from './signed-get.ts';

/** How far up a conversation is followed at most (T47). */
const HIGHEST = 20;

const flights = perValue((_ctx: Context) => createSingleFlight<PostRow | null>());

/**
 * The post of an id, our own too: from the database, else from its server, with up to `depth` posts
 * above it (none unless asked). Null if it is gone or refused, and for authors who are suspended or of a
 * blocked server (T28). Throws `unavailable` when its server does not answer.
 */
export async function resolvePost(
  ctx: Context,
  uri: string,
  options: { depth?: number } = {},
): Promise<PostRow | null> {
  const known = readPostByUri(ctx, uri);
  if (known !== null) return isWelcome(ctx, known) ? known : null;
  if (!mayAsk(ctx, uri)) return null;
  const depth = Math.min(options.depth ?? 0, HIGHEST);
  return await flights(ctx)(`${depth} ${uri}`, () => climb(ctx, uri, depth));
}

/** Stores a post that was found, below those above it, as far as `depth` and their servers let us. */
export async function keepWithAncestors(
  ctx: Context,
  found: FoundPost,
  depth: number,
): Promise<PostRow | null> {
  const chain = [found];
  const visited = new Set([found.note.uri]);
  let above = found.note.inReplyToUri;
  while (above !== null && chain.length <= depth && !visited.has(above)) {
    visited.add(above);
    const next = await findAbove(ctx, above);
    // Another address of something that is below already would go round for ever (T48).
    if (next === null || chain.some(({ note }) => note.uri === next.note.uri)) break;
    chain.push(next);
    above = next.note.inReplyToUri;
  }
  let kept: PostRow | null = null;
  for (const each of chain.reverse()) kept = keepPost(ctx, each);
  return kept;
}

async function climb(ctx: Context, uri: string, depth: number): Promise<PostRow | null> {
  const found = await tryFind(ctx, uri);
  return found === null ? null : await keepWithAncestors(ctx, found, depth);
}

/** What stands above, if it is not here yet and may be asked for. */
async function findAbove(ctx: Context, uri: string): Promise<FoundPost | null> {
  if (readPostByUri(ctx, uri) !== null || !mayAsk(ctx, uri)) return null;
  return await tryFind(ctx, uri).catch((error: unknown) => {
    // Below it the conversation goes on.
    if (isUnreachable(error)) return null;
    throw error;
  });
}

async function tryFind(ctx: Context, uri: string): Promise<FoundPost | null> {
  try {
    return await findPostAt(ctx, uri);
  } catch (error) {
    ctx.log.debug('A post could not be read.', { uri, error });
    return settleFailure(error);
  }
}

function mayAsk(ctx: Context, uri: string): boolean {
  const url = readAddress(uri);
  if (url === null || url.host === new URL(originOf(ctx.config)).host) return false;
  return policyOf(ctx, url.host) !== 'blocked' && !hasTombstone(ctx.db, uri);
}

function isWelcome(ctx: Context, post: PostRow): boolean {
  const author = findAccount(ctx.db, post.accountId);
  if (author === null || author.suspendedAt !== null) return false;
  return author.domain === null || policyOf(ctx, author.domain) !== 'blocked';
}
