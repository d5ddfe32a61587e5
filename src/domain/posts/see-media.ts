import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findMediaFile } from './media-queries.ts';
import { viewerParams } from './reading.ts';

/** `public`: the same for everybody, may be kept by caches; `private`: for this viewer alone. */
export type MediaAccess = 'public' | 'private';

/**
 * Whether the viewer may get a stored file; null for one that is hidden or not there. A rendition
 * follows its post, a photo without a post and an original are for their owner alone, a cleaned
 * original for whoever sees the post while its author offers it; avatars follow their account.
 */
export function canSeeMedia(
  ctx: Pick<Context, 'config' | 'db'>,
  viewer: Pick<Viewer, 'id'> | null,
  blobName: string,
): MediaAccess | null {
  const params = viewerParams(ctx, viewer);
  const file = findMediaFile(ctx.db, { ...params, blobName });
  if (!file?.visible) return null;
  return file.open && !params.closed ? 'public' : 'private';
}
