import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import type { ShareRow } from './react-queries.ts';
import { SHARE_VISIBLE, type ViewerParams, viewerParams } from './reading.ts';

/** A boost, with the revision of the account that made it. */
export type BoostStamp = ShareRow & { accountRev: number };

/** Those of the boosts that the viewer may know of, in the order of `ids`; whether the post is visible is asked apart. */
export function readBoosts(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  ids: number[],
): BoostStamp[] {
  if (ids.length === 0) return [];
  return ctx.db
    .query<BoostStamp, ViewerParams & { ids: string }>(
      `SELECT s.id, s.account_id AS accountId, s.post_id AS postId, s.uri, s.visibility,
         s.created_at AS createdAt, b.rev AS accountRev
       FROM json_each($ids) j CROSS JOIN shares s ON s.id = j.value
         CROSS JOIN accounts b ON b.id = s.account_id
       WHERE $closed IN (0, 1) AND ${SHARE_VISIBLE}`,
    )
    .all({ ...viewerParams(ctx, viewer), ids: JSON.stringify(ids) });
}
