import type { Context } from '#base/context.ts';
import type { MediaView } from '#domain/media/reading.ts';
import { insertVersion } from './queries.ts';
import type { PostRow } from './rows.ts';

/** What a version says of the photos. */
export function photosSnapshot(photos: readonly MediaView[]): string {
  return JSON.stringify(photos.map(({ id, description }) => ({ id: String(id), description })));
}

/** Keeps what a post said before it is changed; only inside the caller's transaction. */
export function keepVersion(
  ctx: Pick<Context, 'db'>,
  post: PostRow,
  photos: readonly MediaView[],
): void {
  insertVersion(ctx.db, {
    postId: post.id,
    version: post.editsCount,
    caption: post.caption,
    captionHtml: post.captionHtml,
    spoiler: post.spoiler,
    sensitive: post.sensitive,
    place: post.place,
    licence: post.licence,
    media: photosSnapshot(photos),
    createdAt: post.editedAt ?? post.publishedAt,
  });
}
