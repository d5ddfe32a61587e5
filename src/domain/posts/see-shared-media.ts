import type { Context } from '#base/context.ts';
import { fileForPeers } from '#domain/media/peer-file.ts';
import { readMedia } from '#domain/media/reading.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { findSharedPhoto } from './media-queries.ts';
import { isClosed } from './reading.ts';

/**
 * The file behind a secret address of a photo (`media/grant.ts`); null if there is none, or if it
 * ended: with the post, its visibility, the last follower on that server, or a block of the server.
 */
export function findSharedMedia(
  ctx: Pick<Context, 'config' | 'db'>,
  token: string,
): { blobName: string } | null {
  const shared = findSharedPhoto(ctx.db, { token, closed: isClosed(ctx) ? 1 : 0 });
  if (shared === null || policyOf(ctx, shared.domain) === 'blocked') return null;
  const [photo] = readMedia(ctx.db, [shared.mediaId]);
  return photo ? fileForPeers(photo) : null;
}
