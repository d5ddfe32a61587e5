import type { Context } from '#base/context.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { deleteMedia, listFilesOfMedia } from './queries.ts';

/**
 * Removes photos with all their files, for whatever reason; only inside the caller's transaction, and
 * before the post or account that has them is deleted (that would take the rows along and leave the
 * files to the nightly sweep).
 */
export function removeMedia(
  ctx: Pick<Context, 'db' | 'live' | 'newId' | 'now'>,
  ids: readonly number[],
): void {
  if (ids.length === 0) return;
  const files = listFilesOfMedia(ctx.db, ids);
  deleteMedia(ctx.db, ids);
  removeBlobs(ctx, files);
}
