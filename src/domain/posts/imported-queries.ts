import type { Database } from 'bun:sqlite';

/** The post that an item of an archive became for an account, or null. */
export function findImported(db: Database, accountId: number, source: string): number | null {
  const row = db
    .query<{ postId: number }, { accountId: number; source: string }>(
      `SELECT post_id AS postId FROM imported_posts
       WHERE account_id = $accountId AND source = $source`,
    )
    .get({ accountId, source });
  return row?.postId ?? null;
}

/** Remembers what an item of an archive became. */
export function insertImported(
  db: Database,
  row: { accountId: number; source: string; postId: number },
): void {
  db.query(
    `INSERT INTO imported_posts (account_id, source, post_id)
     VALUES ($accountId, $source, $postId)`,
  ).run(row);
}

/** Says when a post was edited before it came here. */
export function updateEditedAt(db: Database, id: number, editedAt: number): void {
  db.query('UPDATE posts SET edited_at = $editedAt WHERE id = $id').run({ id, editedAt });
}
