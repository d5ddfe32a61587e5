import type { Context } from '#base/context.ts';
import {
  insertRemoteMedia,
  listRemoteMedia,
  type RemoteMediaRow,
  updateRemoteMedia,
} from './remote-queries.ts';
import { removeMedia } from './remove.ts';

/** A photo that lies on another server; see `RemotePhoto` of the posts. */
type Photo = Pick<
  RemoteMediaRow,
  'url' | 'mime' | 'width' | 'height' | 'blurhash' | 'description' | 'focusX' | 'focusY'
>;

/**
 * Gives a remote post exactly these photos, in this order; one that it had before (the same address)
 * stays the same photo. True if anything changed. Only inside the caller's transaction.
 */
export function receivePhotos(
  ctx: Context,
  post: { accountId: number; postId: number },
  photos: readonly Photo[],
): boolean {
  const before = new Map(listRemoteMedia(ctx.db, post.postId).map((row) => [row.url, row]));
  let changed = false;
  const now = ctx.now();
  const wanted = [...new Map(photos.map((photo) => [photo.url, photo])).values()];
  for (const [position, photo] of wanted.entries()) {
    const known = before.get(photo.url);
    before.delete(photo.url);
    const row = { ...photo, ...found(photo, known), id: known?.id ?? ctx.newId(), position };
    if (!known) insertRemoteMedia(ctx.db, { ...row, ...post, now });
    else if (same(known, row)) continue;
    else updateRemoteMedia(ctx.db, { ...row, now });
    changed = true;
  }
  removeMedia(
    ctx,
    [...before.values()].map((row) => row.id),
  );
  return changed || before.size > 0;
}

/** What was seen when the photo was copied holds where its server says nothing. */
function found(photo: Photo, known: Photo | undefined) {
  const { width, height } = photo.width === 0 && known ? known : photo;
  return { width, height, blurhash: photo.blurhash || (known?.blurhash ?? '') };
}

function same(one: RemoteMediaRow, other: RemoteMediaRow): boolean {
  const keys = Object.keys(one) as (keyof RemoteMediaRow)[];
  return keys.every((key) => one[key] === other[key]);
}
