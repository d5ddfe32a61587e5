import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { idTime } from '#base/core/ids.ts';
import { transaction } from '#base/db/transaction.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { requireOpen } from '#domain/closing.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { attachMedia } from '#domain/media/attach.ts';
import { notify } from '#domain/notify/notify.ts';
import { requireAddressee } from './addressee.ts';
import { requireAltText } from './alt-text.ts';
import { countPost, countReply } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { addressedIds, fileDirect } from './file-direct.ts';
import { indexWords, readCaption } from './index-words.ts';
import { requireAllowed } from './interactions.ts';
import { findLicence, type LicenceKey } from './licences.ts';
import { cleanWords, postLimits } from './limits.ts';
import { findKeyedPost, findPost, insertKey, insertPost } from './queries.ts';
import { readPost } from './reading.ts';
import type { PostRow } from './rows.ts';
import { saveWords } from './search-words-queries.ts';
import { tellWaiting } from './tell-news.ts';
import { tellWatchers } from './tell-watchers.ts';
import { narrower, type Visibility } from './visibility.ts';

/** What a person publishes; what is left out follows their preferences, or the post they answer. */
export type PostInput = {
  caption: string;
  /** Photos of the viewer that no post uses yet, in their order. */
  mediaIds: number[];
  spoiler?: string;
  sensitive?: boolean;
  visibility?: Visibility | null;
  licence?: LicenceKey | null;
  place?: string;
  language?: string | null;
  commentsDisabled?: boolean;
  likesDisabled?: boolean;
  sharesDisabled?: boolean;
  inReplyToId?: number | null;
};

const KEY_LIFETIME = 24 * 60 * 60 * 1000;

/**
 * Publishes a post in one transaction. With `key` (a client's Idempotency-Key) a repeat within a
 * day answers the post that the first call made. Throws `invalid` with a sentence for the person,
 * `not_found` when the post to answer is not visible, `gone` when the key's post was deleted.
 */
export function publishPost(
  ctx: Context,
  viewer: Viewer,
  input: PostInput,
  key: string | null = null,
): PostRow {
  requireOpen(ctx);
  if (key !== null && key.length > postLimits.keyLength) {
    throw new AppError('invalid', 'The Idempotency-Key is too long.');
  }
  const { post, made } = transaction(ctx.db, () => {
    const before = key === null ? null : findKeyedPost(ctx.db, viewer.id, key);
    if (before !== null) return { post: keyedPost(ctx, before), made: false };
    const id = writePost(ctx, viewer, input);
    if (key !== null) {
      const now = ctx.now();
      insertKey(ctx.db, { accountId: viewer.id, key, postId: id, now }, now - KEY_LIFETIME);
    }
    return { post: keyedPost(ctx, id), made: true };
  });
  if (made) emitLive(ctx, 'post.published', { postId: post.id, accountId: viewer.id });
  return post;
}

function keyedPost(ctx: Context, id: number): PostRow {
  const post = findPost(ctx.db, id);
  if (!post) throw new AppError('gone', 'This post was published and then deleted.');
  return post;
}

function writePost(ctx: Context, viewer: Viewer, input: PostInput): number {
  const words = cleanWords({
    caption: input.caption,
    spoiler: input.spoiler ?? '',
    place: input.place ?? '',
    language: input.language ?? null,
  });
  if (input.mediaIds.length > postLimits.photos) {
    throw new AppError('invalid', `A post can have at most ${postLimits.photos} photos.`);
  }
  if (input.mediaIds.length === 0 && words.caption === '') {
    throw new AppError('invalid', 'Add a photo or write something first.');
  }
  requireAltText(ctx, viewer.id, input.mediaIds);
  const parent = input.inReplyToId ? readParent(ctx, viewer, input.inReplyToId) : null;
  const preferences = readPreferences(ctx.db, viewer.id);
  const wanted = input.visibility ?? parent?.visibility ?? preferences.defaultVisibility;
  const visibility = parent ? narrower(wanted, parent.visibility) : wanted;
  const caption = readCaption(ctx, words.caption);
  const named = caption.mentioned.map(({ id }) => id);
  const mentionedIds = addressedIds(named, visibility, parent?.accountId, viewer.id);
  if (visibility === 'direct') requireAddressee(ctx, mentionedIds, caption.unknown);
  const id = ctx.newId();
  insertPost(ctx.db, {
    id,
    accountId: viewer.id,
    audienceId: parent?.audienceId ?? viewer.id,
    visibility,
    ...words,
    captionHtml: caption.html,
    sensitive: Number(input.sensitive === true || words.spoiler !== ''),
    licence: input.licence ?? findLicence(preferences.defaultLicence)?.key ?? 'all-rights-reserved',
    inReplyToId: parent?.id ?? null,
    inReplyToAccountId: parent?.accountId ?? null,
    commentsDisabled: Number(input.commentsDisabled === true),
    likesDisabled: Number(input.likesDisabled === true),
    sharesDisabled: Number(input.sharesDisabled === true),
    mediaCount: input.mediaIds.length,
    publishedAt: idTime(id),
  });
  attachMedia(ctx.db, viewer.id, id, input.mediaIds);
  indexWords(ctx, id, { tags: caption.tags, mentionedIds });
  const post = findPost(ctx.db, id);
  if (post && countsForAccount(post)) countPost(ctx.db, viewer.id, 1);
  if (post && parent && countsAsReply(post, parent)) countReply(ctx.db, parent.id, 1);
  if (visibility !== 'self') tellOfPost(ctx, id, viewer.id, [...mentionedIds, parent?.accountId]);
  saveWords(ctx.db, id);
  if (visibility === 'direct') fileDirect(ctx, id);
  if (post) tellWaiting(ctx, post, mentionedIds);
  if (post) tellWatchers(ctx, post, mentionedIds);
  return id;
}

function readParent(ctx: Context, viewer: Viewer, id: number): PostRow {
  const parent = readPost(ctx, viewer, id);
  if (parent.archivedAt !== null) {
    throw new AppError('invalid', 'This post is archived; show it again before commenting.');
  }
  requireAllowed(ctx, 'comment', viewer.id, parent);
  return parent;
}

/** Other servers hear of the post, and whom it mentions or answers is told. */
function tellOfPost(
  ctx: Context,
  postId: number,
  fromId: number,
  accountIds: readonly (number | undefined)[],
): void {
  federate(ctx, { what: 'post', postId, change: 'create' });
  for (const accountId of new Set(accountIds)) {
    if (accountId !== undefined) notify(ctx, { accountId, type: 'mention', fromId, postId });
  }
}
