import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { attachMedia } from '#domain/media/attach.ts';
import { detachMedia } from '#domain/media/detach.ts';
import { setWords } from '#domain/media/queries.ts';
import { type MediaView, readMedia } from '#domain/media/reading.ts';
import { cleanDescription, cleanFocus } from '#domain/media/words.ts';
import { requireAltText } from './alt-text.ts';
import { changeVisibility } from './change-visibility.ts';
import { addressedIds, fileDirect } from './file-direct.ts';
import { indexWords, readCaption } from './index-words.ts';
import { keepVersion, photosSnapshot } from './keep-version.ts';
import type { LicenceKey } from './licences.ts';
import { cleanWords, postLimits } from './limits.ts';
import { listMediaIds, updatePost } from './queries.ts';
import { readOwnPost } from './reading.ts';
import type { PostRow } from './rows.ts';
import { saveWords } from './search-words-queries.ts';
import { tellCompany } from './tell-news.ts';
import type { Visibility } from './visibility.ts';

/** What an author changes; what is left out stays. */
export type PostEdit = {
  caption?: string;
  spoiler?: string;
  sensitive?: boolean;
  licence?: LicenceKey;
  place?: string;
  language?: string | null;
  commentsDisabled?: boolean;
  likesDisabled?: boolean;
  sharesDisabled?: boolean;
  /** Not part of the history: it says who reads, not what. */
  visibility?: Visibility;
  /** All photos of the post in their new order; the others are taken out. */
  mediaIds?: number[];
  /** New words for photos of the post. */
  photos?: { id: number; description?: string; focusX?: number; focusY?: number }[];
};

/**
 * Changes a post in one transaction and keeps what it said before in its history; an edit that
 * changes nothing leaves no version. Throws `not_found` unless the post is the viewer's.
 */
export function editPost(ctx: Context, viewer: Viewer, id: number, edit: PostEdit): PostRow {
  const changed = transaction(ctx.db, () => writeEdit(ctx, viewer, id, edit));
  if (changed) emitLive(ctx, 'post.edited', { postId: id, accountId: viewer.id });
  return readOwnPost(ctx, viewer, id);
}

function writeEdit(ctx: Context, viewer: Viewer, id: number, edit: PostEdit): boolean {
  const post = readOwnPost(ctx, viewer, id);
  const before = readMedia(ctx.db, listMediaIds(ctx.db, id));
  const words = cleanWords({
    caption: edit.caption ?? post.caption,
    spoiler: edit.spoiler ?? post.spoiler,
    place: edit.place ?? post.place,
    language: edit.language === undefined ? post.language : edit.language,
  });
  const mediaIds = edit.mediaIds ?? before.map((photo) => photo.id);
  checkPhotos(post, mediaIds, words.caption);
  placePhotos(ctx, post, before, mediaIds);
  describePhotos(ctx, mediaIds, edit.photos ?? []);
  if (edit.photos || edit.mediaIds) requireAltText(ctx, viewer.id, mediaIds);
  const wanted = {
    ...words,
    sensitive: Number((edit.sensitive ?? post.sensitive !== 0) || words.spoiler !== ''),
    licence: edit.licence ?? post.licence,
    commentsDisabled: Number(edit.commentsDisabled ?? post.commentsDisabled !== 0),
    likesDisabled: Number(edit.likesDisabled ?? post.likesDisabled !== 0),
    sharesDisabled: Number(edit.sharesDisabled ?? post.sharesDisabled !== 0),
  };
  const after = readMedia(ctx.db, mediaIds);
  const telling = !sameWords(post, wanted) || photosSnapshot(before) !== photosSnapshot(after);
  const moved = edit.visibility ? changeVisibility(ctx, post, edit.visibility) : false;
  if (!telling && sameSwitches(post, wanted)) {
    if (moved) fileDirect(ctx, id);
    if (moved) federate(ctx, { what: 'post', postId: id, change: 'update' });
    return moved;
  }
  if (telling) keepVersion(ctx, post, before);
  const caption = readCaption(ctx, words.caption);
  updatePost(ctx.db, {
    id,
    ...wanted,
    captionHtml: caption.html,
    mediaCount: mediaIds.length,
    editsCount: post.editsCount + Number(telling),
    editedAt: telling ? ctx.now() : post.editedAt,
  });
  const named = caption.mentioned.map((account) => account.id);
  const { visibility } = { ...post, ...edit };
  indexWords(ctx, id, {
    tags: caption.tags,
    mentionedIds: addressedIds(named, visibility, post.inReplyToAccountId, viewer.id),
  });
  saveWords(ctx.db, id);
  fileDirect(ctx, id);
  if (telling) tellCompany(ctx, post);
  federate(ctx, { what: 'post', postId: id, change: 'update' });
  return true;
}

function checkPhotos(post: PostRow, mediaIds: number[], caption: string): void {
  if (mediaIds.length > postLimits.photos) {
    throw new AppError('invalid', `A post can have at most ${postLimits.photos} photos.`);
  }
  if (mediaIds.length === 0 && caption === '') {
    throw new AppError('invalid', 'A post needs a photo or some words; you can delete it instead.');
  }
  if (mediaIds.length === 0 && post.mediaCount > 0) {
    throw new AppError('invalid', 'Keep at least one photo; you can delete the post instead.');
  }
}

function placePhotos(ctx: Context, post: PostRow, before: MediaView[], mediaIds: number[]): void {
  const kept = new Set(mediaIds);
  const out = before.map((photo) => photo.id).filter((id) => !kept.has(id));
  if (out.length > 0) detachMedia(ctx, post.id, out);
  const same = before.length === mediaIds.length && before.every((p, i) => p.id === mediaIds[i]);
  if (!same) attachMedia(ctx.db, post.accountId, post.id, mediaIds);
}

function describePhotos(
  ctx: Context,
  mediaIds: number[],
  changes: NonNullable<PostEdit['photos']>,
): void {
  const photos = new Map(readMedia(ctx.db, mediaIds).map((photo) => [photo.id, photo]));
  for (const change of changes) {
    const photo = photos.get(change.id);
    if (!photo) throw new AppError('invalid', 'One of the photos is not part of this post.');
    const focus = cleanFocus({
      x: change.focusX ?? photo.focusX,
      y: change.focusY ?? photo.focusY,
    });
    setWords(ctx.db, {
      id: photo.id,
      description:
        change.description === undefined ? photo.description : cleanDescription(change.description),
      focusX: focus.x,
      focusY: focus.y,
      now: ctx.now(),
    });
  }
}

type Switches = Pick<PostRow, 'commentsDisabled' | 'likesDisabled' | 'sharesDisabled'>;

function sameSwitches(post: PostRow, wanted: Switches): boolean {
  return (
    post.commentsDisabled === wanted.commentsDisabled &&
    post.likesDisabled === wanted.likesDisabled &&
    post.sharesDisabled === wanted.sharesDisabled
  );
}

function sameWords(
  post: PostRow,
  wanted: Pick<PostRow, 'caption' | 'spoiler' | 'place' | 'language' | 'sensitive' | 'licence'>,
): boolean {
  return (
    post.caption === wanted.caption &&
    post.spoiler === wanted.spoiler &&
    post.place === wanted.place &&
    post.language === wanted.language &&
    post.sensitive === wanted.sensitive &&
    post.licence === wanted.licence
  );
}
