import type { Database } from 'bun:sqlite';

/** Removes one notification of an account; true if there was one. */
export function deleteOwnNotification(db: Database, accountId: number, id: number): boolean {
  const { changes } = db
    .query('DELETE FROM notifications WHERE id = $id AND account_id = $accountId')
    .run({ id, accountId });
  return changes > 0;
}

/** Removes all notifications of an account. */
export function deleteAllNotifications(db: Database, accountId: number): void {
  db.query('DELETE FROM notifications WHERE account_id = $accountId').run({ accountId });
}

/** Removes what an account was told of one kind and post within a time; true if there was anything. */
export function deleteGroup(
  db: Database,
  group: { accountId: number; type: string; postId: number; from: number; to: number },
): boolean {
  const { changes } = db
    .query(
      `DELETE FROM notifications WHERE account_id = $accountId AND type = $type
         AND ifnull(post_id, 0) = $postId AND created_at >= $from AND created_at < $to`,
    )
    .run(group);
  return changes > 0;
}
