import type { Database } from 'bun:sqlite';

/** What somebody did under an id. */
type Done = { what: 'follow' | 'block' | 'like' | 'share'; targetId: number };

/** What an account did under the id of its activity: the other account, or the post; null if nothing is known of it. */
export function findDone(db: Database, accountId: number, uri: string): Done | null {
  return db
    .query<Done, { accountId: number; uri: string }>(
      `SELECT 'follow' AS what, followee_id AS targetId FROM follows
         WHERE uri = $uri AND uri IS NOT NULL AND follower_id = $accountId
       UNION ALL SELECT 'like', post_id FROM likes
         WHERE uri = $uri AND uri IS NOT NULL AND account_id = $accountId
       UNION ALL SELECT 'share', post_id FROM shares
         WHERE uri = $uri AND uri IS NOT NULL AND account_id = $accountId
       UNION ALL SELECT 'block', target_id FROM blocks
         WHERE account_id = $accountId AND uri = $uri
       LIMIT 1`,
    )
    .get({ accountId, uri });
}
