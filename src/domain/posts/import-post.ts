import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { requireOpen } from '#domain/closing.ts';
import { attachMedia } from '#domain/media/attach.ts';
import { readOwnAddress } from '#domain/own-address.ts';
import { parseCaption, renderCaption } from './caption.ts';
import { countPost, countReply } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { findImported, insertImported, updateEditedAt } from './imported-queries.ts';
import { indexWords, readCaption } from './index-words.ts';
import { findLicence } from './licences.ts';
import { cleanWords, postLimits } from './limits.ts';
import { newPostId } from './new-post-id.ts';
import { findPost, insertPost, updateArchived } from './queries.ts';
import type { PostRow } from './rows.ts';
import { saveWords } from './search-words-queries.ts';
import { narrower, type Visibility } from './visibility.ts';

/** A post of an archive. Its words are cut to what a post can hold; nothing else is believed. */
export type PostToImport = {
  /** Stable name of the post in its archive; an account takes each once. */
  source: string;
  /** Milliseconds since 1970; a time in the future becomes now. */
  publishedAt: number;
  editedAt: number | null;
  archived: boolean;
  caption: string;
  /** Names in the caption are names of this server. */
  ours: boolean;
  spoiler: string;
  sensitive: boolean;
  visibility: Visibility;
  language: string | null;
  licence: string | null;
  place: string;
  commentsDisabled: boolean;
  likesDisabled: boolean;
  sharesDisabled: boolean;
  /** The `source` of the own post that this is a comment on. */
  replyTo: string | null;
  /** Photos of the viewer that no post uses yet, in their order. */
  mediaIds: readonly number[];
};

/** The post that an item of an archive is already: imported before, or never gone from here. */
export function findKnownImport(ctx: Context, viewer: Viewer, source: string): number | null {
  const imported = findImported(ctx.db, viewer.id, source);
  if (imported !== null) return imported;
  const own = readOwnAddress(ctx.config, source);
  if (own?.kind !== 'post') return null;
  const post = findPost(ctx.db, own.postId);
  return post?.accountId === viewer.id ? post.id : null;
}

/**
 * Writes a post of an archive as the viewer's own in one transaction, with the id of its date. Nobody
 * is told, here or elsewhere, and nobody is mentioned by it (a mention lets people see a post). `record`
 * runs in the same transaction. A source that is here already stays as it is (`made: false`).
 */
export function importPost(
  ctx: Context,
  viewer: Viewer,
  post: PostToImport,
  record: (done: { postId: number; made: boolean }) => void,
): { postId: number; made: boolean } {
  requireOpen(ctx);
  return transaction(ctx.db, () => {
    const known = findKnownImport(ctx, viewer, post.source);
    const done =
      known === null
        ? { postId: writePost(ctx, viewer, post), made: true }
        : { postId: known, made: false };
    record(done);
    return done;
  });
}

function writePost(ctx: Context, viewer: Viewer, post: PostToImport): number {
  const words = cleanWords(post);
  if (post.mediaIds.length > postLimits.photos) {
    throw new AppError('invalid', `A post can have at most ${postLimits.photos} photos.`);
  }
  if (post.mediaIds.length === 0 && words.caption === '') {
    throw new AppError('invalid', 'There is neither a photo nor a word in it.');
  }
  const parent = post.replyTo === null ? null : readParent(ctx, viewer, post.replyTo);
  const visibility = parent ? narrower(post.visibility, parent.visibility) : post.visibility;
  const publishedAt = Math.min(post.publishedAt, ctx.now());
  const caption = captionOf(ctx, words.caption, post.ours);
  const id = newPostId(ctx, publishedAt);
  insertPost(ctx.db, {
    ...{ id, accountId: viewer.id, publishedAt, visibility },
    audienceId: parent?.audienceId ?? viewer.id,
    ...words,
    captionHtml: caption.html,
    sensitive: Number(post.sensitive || words.spoiler !== ''),
    licence: licenceOf(ctx, viewer, post.licence),
    inReplyToId: parent?.id ?? null,
    inReplyToAccountId: parent?.accountId ?? null,
    commentsDisabled: Number(post.commentsDisabled),
    likesDisabled: Number(post.likesDisabled),
    sharesDisabled: Number(post.sharesDisabled),
    mediaCount: post.mediaIds.length,
  });
  attachMedia(ctx.db, viewer.id, id, post.mediaIds);
  indexWords(ctx, id, { tags: caption.tags, mentionedIds: [] });
  if (post.archived) updateArchived(ctx.db, id, ctx.now());
  if (post.editedAt !== null) updateEditedAt(ctx.db, id, post.editedAt);
  saveWords(ctx.db, id);
  insertImported(ctx.db, { accountId: viewer.id, source: post.source, postId: id });
  const stored = findPost(ctx.db, id);
  if (stored && countsForAccount(stored)) countPost(ctx.db, viewer.id, 1);
  if (stored && parent && countsAsReply(stored, parent)) countReply(ctx.db, parent.id, 1);
  return id;
}

function readParent(ctx: Context, viewer: Viewer, source: string): PostRow {
  const id = findKnownImport(ctx, viewer, source);
  const parent = id === null ? null : findPost(ctx.db, id);
  if (parent === null) {
    throw new AppError('not_found', 'What it answers was not taken over.');
  }
  return parent;
}

/** Names of another server's people would be those of others here, so they stay text. */
function captionOf(ctx: Context, text: string, ours: boolean) {
  const read = readCaption(ctx, text);
  const html = ours ? read.html : renderCaption(parseCaption(text), () => null);
  return { html, tags: read.tags };
}

function licenceOf(ctx: Context, viewer: Viewer, key: string | null) {
  const named = key === null ? null : findLicence(key);
  const own = findLicence(readPreferences(ctx.db, viewer.id).defaultLicence);
  return (named ?? own)?.key ?? 'all-rights-reserved';
}
