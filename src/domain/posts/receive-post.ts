import type { Context } from '#base/context.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { receivePhotos } from '#domain/media/receive-photos.ts';
import { notify } from '#domain/notify/notify.ts';
import { type Answering, readAnswering } from './answering.ts';
import { foldTag } from './caption.ts';
import { countPost, countReply } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { fileDirect } from './file-direct.ts';
import { indexWords } from './index-words.ts';
import { joinOrphans } from './join-orphans.ts';
import { newPostId } from './new-post-id.ts';
import { findPost, insertPost } from './queries.ts';
import { findPostByUri, hasTombstone, listLocalOf } from './remote-queries.ts';
import type { RemotePost } from './remote-types.ts';
import { saveWords } from './search-words-queries.ts';
import { tellWaiting } from './tell-news.ts';
import { tellWatchers } from './tell-watchers.ts';

/** Milliseconds. */
const NEWS = 24 * 60 * 60 * 1000;
/** What is kept of one post, whatever its server says (T49). */
const NEWS_FOR = 24 * 3_600_000;
const MOST = { photos: 20, tags: 30, mentions: 20 };

/**
 * Stores a post of another server inside the caller's transaction, with its photos' addresses,
 * counters, notifications, and the comments that came before it. A post that is here already stays
 * as it is (`made: false`). null: refused, because it was deleted, its author is suspended or gone,
 * its id is not of its author's server, or what it answers takes no comment of this author.
 */
export function receivePost(
  ctx: Context,
  post: RemotePost,
): { postId: number; made: boolean } | null {
  const author = findAccount(ctx.db, post.accountId);
  if (!author || author.uri === null || author.suspendedAt !== null) return null;
  if (new URL(author.uri).origin !== new URL(post.uri).origin) return null;
  const known = findPostByUri(ctx.db, post.uri);
  if (known) return known.accountId === author.id ? { postId: known.id, made: false } : null;
  if (hasTombstone(ctx.db, post.uri)) return null;
  const answering = readAnswering(ctx, post);
  if (!answering) return null;
  return { postId: writePost(ctx, post, answering), made: true };
}

function writePost(ctx: Context, post: RemotePost, answering: Answering): number {
  const { accountId } = post;
  const { parent, parentAccountId, audienceId, visibility } = answering;
  const publishedAt = Math.min(post.publishedAt, ctx.now());
  const id = newPostId(ctx, publishedAt);
  const photos = post.photos.slice(0, MOST.photos);
  const mediaCount = new Set(photos.map((photo) => photo.url)).size;
  insertPost(ctx.db, {
    ...{ id, accountId, audienceId, visibility, publishedAt, mediaCount },
    ...wordsOf(post),
    inReplyToId: parent?.id ?? null,
    inReplyToAccountId: parentAccountId,
    inReplyToUri: post.inReplyToUri,
    uri: post.uri,
    receivedAt: ctx.now(),
  });
  receivePhotos(ctx, { accountId, postId: id }, photos);
  const mentionedIds = indexRemoteWords(ctx, id, post);
  saveWords(ctx.db, id);
  if (visibility === 'direct') fileDirect(ctx, id);
  const stored = findPost(ctx.db, id);
  if (!stored) throw new Error('The post was not stored.');
  if (countsForAccount(stored)) countPost(ctx.db, accountId, 1);
  if (parent && countsAsReply(stored, parent)) countReply(ctx.db, parent.id, 1);
  joinOrphans(ctx, stored, post.uri);
  tellMentioned(ctx, id, accountId, [...mentionedIds, ...(parent ? [parent.accountId] : [])]);
  if (isFresh(ctx, publishedAt)) tellWaiting(ctx, stored, mentionedIds);
  // What was found long after it was said is no news.
  if (ctx.now() - publishedAt < NEWS) tellWatchers(ctx, stored, mentionedIds);
  return id;
}

/** The columns of a remote post that its server may also change later. */
export function wordsOf(post: RemotePost) {
  const { caption, captionHtml, spoiler, language, place, url, repliesUrl } = post;
  return {
    ...{ caption, captionHtml, spoiler, language, place, url, repliesUrl },
    sensitive: Number(post.sensitive),
    licence: post.licence ?? 'all-rights-reserved',
    commentsDisabled: Number(post.commentsDisabled),
    likesDisabled: Number(post.likesDisabled),
    sharesDisabled: Number(post.sharesDisabled),
  };
}

/** Writes tags and mentions of a remote post and answers whom it mentions. */
export function indexRemoteWords(ctx: Context, postId: number, post: RemotePost): number[] {
  const tags = new Map<string, string>();
  for (const tag of post.tags) {
    const name = foldTag(tag);
    if (name !== '' && tags.size < MOST.tags && !tags.has(name)) tags.set(name, tag);
  }
  const others = post.mentionedIds.filter((id) => id !== post.accountId);
  const mentionedIds = [...new Set(others)].slice(0, MOST.mentions);
  const named = [...tags].map(([name, display]) => ({ name, display }));
  indexWords(ctx, postId, { tags: named, mentionedIds });
  return mentionedIds;
}

/** What was found long after it was written is no news. */
function isFresh(ctx: Context, publishedAt: number): boolean {
  return ctx.now() - publishedAt < NEWS_FOR;
}

function tellMentioned(ctx: Context, postId: number, fromId: number, ids: number[]): void {
  for (const accountId of listLocalOf(ctx.db, [...new Set(ids)])) {
    notify(ctx, { accountId, type: 'mention', fromId, postId });
  }
}
