import type { Database } from 'bun:sqlite';

/** Names of hashtags that begin with a folded text and hang on a public post, shortest first. */
export function findTagsByText(db: Database, text: string, limit: number): string[] {
  return db
    .query<{ name: string }, { starts: string; limit: number }>(
      `SELECT t.name FROM tags t WHERE t.name LIKE $starts ESCAPE '\\' AND EXISTS (
         SELECT 1 FROM post_tags pt JOIN posts p ON p.id = pt.post_id
         WHERE pt.tag_id = t.id AND p.visibility = 'public' AND p.archived_at IS NULL
           AND p.hidden_at IS NULL)
       ORDER BY length(t.name), t.name LIMIT $limit`,
    )
    .all({ starts: `${text.replace(/[\\%_]/g, '\\$&')}%`, limit })
    .map((row) => row.name);
}
