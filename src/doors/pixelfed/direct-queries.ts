import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { VISIBLE, type ViewerParams } from '#domain/posts/reading.ts';
import { type Bounds, bounds, direction, newestFirst } from '#domain/posts/slice.ts';

/** Ids of the direct posts between the viewer and one other person, with nobody else in them, newest first. */
export function findThreadIds(
  db: Database,
  viewer: ViewerParams,
  otherId: number,
  page: Page,
): number[] {
  const rows = db
    .query<{ id: number }, ViewerParams & Bounds & { otherId: number }>(
      `SELECT p.id FROM (
           SELECT m.post_id AS id FROM mentions m CROSS JOIN posts x ON x.id = m.post_id
             WHERE m.account_id = $otherId AND x.account_id = $viewerId AND x.visibility = 'direct'
           UNION SELECT m.post_id FROM mentions m CROSS JOIN posts x ON x.id = m.post_id
             WHERE m.account_id = $viewerId AND x.account_id = $otherId
               AND x.visibility = 'direct') c
         CROSS JOIN posts p ON p.id = c.id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE p.id < $maxId AND p.id > $sinceId AND p.archived_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM mentions o WHERE o.post_id = p.id
           AND o.account_id NOT IN ($viewerId, $otherId))
         AND ${VISIBLE}
       ORDER BY p.id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...viewer, ...bounds(page), otherId });
  return newestFirst(rows, page);
}
