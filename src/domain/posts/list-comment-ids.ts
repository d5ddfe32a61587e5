import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSeen } from './interactions.ts';
import { listDescendantIds } from './reading.ts';

/** Ids of the comments below a post as `listDescendantIds` has them; none where comments are not shown. */
export function listCommentIds(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  postId: number,
): number[] {
  return readSeen(ctx, viewer).comments ? listDescendantIds(ctx, viewer, postId) : [];
}
