import type { Database } from 'bun:sqlite';

/** Tags that begin with a text (folded) and are on a post that everybody sees, the most used first. */
export function findTagsByPrefix(
  db: Database,
  prefix: string,
  limit: number,
): { id: number; name: string; display: string }[] {
  return db
    .query<
      { id: number; name: string; display: string },
      { from: string; to: string; limit: number }
    >(
      `SELECT t.id, t.name, t.display,
         (SELECT count(*) FROM post_tags x WHERE x.tag_id = t.id LIMIT 1000) AS uses
       FROM tags t WHERE t.name >= $from AND t.name < $to AND EXISTS (
         SELECT 1 FROM post_tags pt JOIN posts p ON p.id = pt.post_id
           JOIN accounts a ON a.id = p.account_id
         WHERE pt.tag_id = t.id AND p.visibility = 'public' AND p.archived_at IS NULL
           AND p.hidden_at IS NULL AND a.suspended_at IS NULL AND a.deletion_at IS NULL)
       ORDER BY t.name <> $from, uses DESC, t.name LIMIT $limit`,
    )
    .all({ from: prefix, to: `${prefix}\u{10ffff}`, limit });
}
