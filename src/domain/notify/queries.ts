import type { Database } from 'bun:sqlite';

export type NotificationType =
  | 'mention'
  | 'favourite'
  | 'reblog'
  | 'follow'
  | 'follow_request'
  | 'update'
  | 'status'
  | 'move'
  | 'admin.report'
  | 'admin.sign_up';

export type NewNotification = {
  /** Who is told. */
  accountId: number;
  type: NotificationType;
  /** Who did it, or null. */
  fromId: number | null;
  postId: number | null;
  reportId: number | null;
};

/** The post of a notification and what it answers, as far up as a thread is read. */
const THREAD = `WITH RECURSIVE up (id, parent, depth) AS (
    SELECT id, in_reply_to_id, 0 FROM posts WHERE id = $postId
    UNION ALL
    SELECT p.id, p.in_reply_to_id, up.depth + 1 FROM up JOIN posts p ON p.id = up.parent
    WHERE up.depth < 100)`;

/**
 * Stores a notification and answers true, unless there is one of the same already, or nobody should
 * hear of it: an account elsewhere, oneself, somebody blocked on either side or suspended, somebody
 * limited whom the account does not follow, somebody muted or of a hidden server, or a muted thread.
 */
export function insertNotification(
  db: Database,
  row: NewNotification & { id: number; now: number },
): boolean {
  const { changes } = db
    .query(
      `INSERT INTO notifications (id, account_id, type, from_id, post_id, report_id, created_at)
       SELECT $id, $accountId, $type, $fromId, $postId, $reportId, $now
       WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $accountId AND role IS NOT NULL)
         AND ($fromId IS NULL OR ($fromId <> $accountId
           AND NOT EXISTS (SELECT 1 FROM blocks
             WHERE account_id = $accountId AND target_id = $fromId)
           AND NOT EXISTS (SELECT 1 FROM blocks
             WHERE account_id = $fromId AND target_id = $accountId)
           AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = $fromId AND a.suspended_at IS NULL
             AND (a.limited = 0 OR EXISTS (SELECT 1 FROM follows f
               WHERE f.follower_id = $accountId AND f.followee_id = $fromId
                 AND f.state = 'accepted')))
           AND NOT EXISTS (SELECT 1 FROM mutes
             WHERE account_id = $accountId AND target_id = $fromId AND notifications = 1
               AND (expires_at IS NULL OR expires_at > $now))
           AND NOT EXISTS (SELECT 1 FROM hidden_domains d JOIN accounts a ON a.domain = d.domain
             WHERE d.account_id = $accountId AND a.id = $fromId)))
         AND ($postId IS NULL
           OR NOT EXISTS (SELECT 1 FROM muted_threads WHERE account_id = $accountId)
           OR NOT EXISTS (SELECT 1 FROM (${THREAD} SELECT id FROM up) u JOIN muted_threads t
             ON t.post_id = u.id AND t.account_id = $accountId))
       ON CONFLICT DO NOTHING`,
    )
    .run(row);
  return changes > 0;
}

/** Takes a notification back. */
export function deleteNotification(db: Database, row: NewNotification): void {
  db.query(
    `DELETE FROM notifications WHERE account_id = $accountId AND type = $type
       AND ifnull(from_id, 0) = ifnull($fromId, 0) AND ifnull(post_id, 0) = ifnull($postId, 0)
       AND ifnull(report_id, 0) = ifnull($reportId, 0)`,
  ).run(row);
}

/** Takes back whatever two accounts have been told of each other. */
export function deleteNotificationsBetween(db: Database, one: number, other: number): void {
  db.query(
    `DELETE FROM notifications WHERE (account_id = $one AND from_id = $other)
       OR (account_id = $other AND from_id = $one)`,
  ).run({ one, other });
}

/** Takes back whatever an account was told of people of a server. */
export function deleteNotificationsFromDomain(
  db: Database,
  accountId: number,
  domain: string,
): void {
  db.query(
    `DELETE FROM notifications WHERE account_id = $accountId
       AND from_id IN (SELECT id FROM accounts WHERE domain = $domain)`,
  ).run({ accountId, domain });
}
