import type { Context } from '#base/context.ts';
import { isFederating } from '#domain/federate.ts';
import { findSharedMedia } from '#domain/posts/see-shared-media.ts';
import { notFound } from './errors.ts';
import { findMediaFile } from './media-decisions.ts';
import { mediaHeaders } from './media-response.ts';
import { respondMedia } from './placed-media.ts';

/**
 * A photo by the secret that the servers of a post's audience were given. Nobody on the way keeps it,
 * and whether it still opens is decided anew each time. Throws `not_found`.
 */
export function answerSharedMedia(
  ctx: Context,
  request: Request,
  token: string,
): Promise<Response> | Response {
  const shared = isFederating(ctx) ? findSharedMedia(ctx, token) : null;
  const file = shared === null ? null : findMediaFile(ctx, shared.blobName);
  if (file === null) throw notFound(request);
  const headers = mediaHeaders(file.blob, { access: 'private', fileName: null });
  headers.set('cache-control', 'private, no-store');
  return respondMedia(ctx, request, file, headers);
}
