import type { Database } from 'bun:sqlite';

/** A tag that somebody shows on their profile; `lastAt` (milliseconds) is its last open post there. */
export type FeaturedTagRow = {
  id: number;
  name: string;
  display: string;
  posts: number;
  lastAt: number | null;
};

/** Posts of an account that everybody sees, in numbers: with a tag. */
const USE = (what: string) => `(SELECT ${what} FROM post_tags pt
  CROSS JOIN posts p ON p.id = pt.post_id
  WHERE pt.tag_id = t.id AND p.account_id = $accountId AND p.archived_at IS NULL
    AND p.hidden_at IS NULL AND p.visibility IN ('public', 'unlisted'))`;

/** The tags that somebody features, the first one first; with `id` that one alone. */
export function listFeaturedTags(
  db: Database,
  accountId: number,
  id: number | null = null,
): FeaturedTagRow[] {
  return db
    .query<FeaturedTagRow, { accountId: number; id: number | null }>(
      `SELECT f.id, t.name, t.display, ${USE('count(*)')} AS posts,
         ${USE('max(p.published_at)')} AS lastAt
       FROM featured_tags f JOIN tags t ON t.id = f.tag_id
       WHERE f.account_id = $accountId AND ($id IS NULL OR f.id = $id) ORDER BY f.id`,
    )
    .all({ accountId, id });
}

/** Stores that somebody features a tag; nothing happens if that is so. */
export function insertFeaturedTag(
  db: Database,
  row: { id: number; accountId: number; tagId: number; now: number },
): void {
  db.query(
    `INSERT INTO featured_tags (id, account_id, tag_id, created_at)
     VALUES ($id, $accountId, $tagId, $now) ON CONFLICT DO NOTHING`,
  ).run(row);
}

/** Forgets one by its id; false if it is not the account's. */
export function deleteFeaturedTag(db: Database, accountId: number, id: number): boolean {
  const { changes } = db
    .query('DELETE FROM featured_tags WHERE id = $id AND account_id = $accountId')
    .run({ accountId, id });
  return changes > 0;
}

/** The id under which somebody features a tag, or null. */
export function findFeaturedId(db: Database, accountId: number, tagId: number): number | null {
  const row = db
    .query<{ id: number }, { accountId: number; tagId: number }>(
      'SELECT id FROM featured_tags WHERE account_id = $accountId AND tag_id = $tagId',
    )
    .get({ accountId, tagId });
  return row?.id ?? null;
}

/** Tags that somebody used lately and does not feature, the most used first: ten of the last 200 posts. */
export function listUsedTags(
  db: Database,
  accountId: number,
): { id: number; name: string; display: string }[] {
  return db
    .query<{ id: number; name: string; display: string }, { accountId: number }>(
      `SELECT t.id, t.name, t.display FROM (
         SELECT id FROM posts WHERE account_id = $accountId AND archived_at IS NULL
           AND visibility IN ('public', 'unlisted') ORDER BY id DESC LIMIT 200) p
         CROSS JOIN post_tags pt ON pt.post_id = p.id CROSS JOIN tags t ON t.id = pt.tag_id
       WHERE t.id NOT IN (SELECT tag_id FROM featured_tags WHERE account_id = $accountId)
       GROUP BY t.id ORDER BY count(*) DESC, t.name LIMIT 10`,
    )
    .all({ accountId });
}
