import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';

/** A hashtag: `name` is folded, `display` as it was first written. */
export type TagRow = { id: number; name: string; display: string };

/** Tags by folded name; those that nobody used yet are left out. */
export function findTags(db: Database, names: readonly string[]): TagRow[] {
  return db
    .query<TagRow, { names: string }>(
      `SELECT t.id, t.name, t.display FROM json_each($names) j CROSS JOIN tags t
       ON t.name = j.value ORDER BY j.key`,
    )
    .all({ names: JSON.stringify(names) });
}

/** The row of a tag, made if there is none. */
export function saveTag(db: Database, tag: TagRow & { now: number }): TagRow {
  db.query(
    `INSERT INTO tags (id, name, display, created_at) VALUES ($id, $name, $display, $now)
     ON CONFLICT (name) DO NOTHING`,
  ).run(tag);
  const [row] = findTags(db, [tag.name]);
  if (!row) throw new Error('The tag was not stored.');
  return row;
}

type Pair = { accountId: number; tagId: number };

/** Stores that somebody follows a tag; nothing happens if that is so. */
export function insertFollowedTag(db: Database, row: Pair & { now: number }): void {
  db.query(
    `INSERT INTO followed_tags (account_id, tag_id, created_at) VALUES ($accountId, $tagId, $now)
     ON CONFLICT DO NOTHING`,
  ).run(row);
}

/** Forgets that. */
export function deleteFollowedTag(db: Database, row: Pair): void {
  db.query('DELETE FROM followed_tags WHERE account_id = $accountId AND tag_id = $tagId').run(row);
}

/** How many tags somebody follows. */
export function countFollowedTags(db: Database, accountId: number): number {
  const row = db
    .query<{ n: number }, { accountId: number }>(
      'SELECT count(*) AS n FROM followed_tags WHERE account_id = $accountId',
    )
    .get({ accountId });
  return row?.n ?? 0;
}

/** The tags that somebody follows, the newest tag first. */
export function listFollowedTags(db: Database, accountId: number, page: Page): TagRow[] {
  const upwards = page.minId !== null;
  const rows = db
    .query<TagRow, Record<string, number>>(
      `SELECT t.id, t.name, t.display FROM followed_tags f CROSS JOIN tags t ON t.id = f.tag_id
       WHERE f.account_id = $accountId AND f.tag_id < $maxId AND f.tag_id > $sinceId
       ORDER BY f.tag_id ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  return upwards ? rows.reverse() : rows;
}

/** Which of some tags somebody follows (1) and features (2) or both (3), by the tag's id. */
export function findTagMarks(
  db: Database,
  accountId: number,
  tagIds: readonly number[],
): Map<number, number> {
  const rows = db
    .query<{ id: number; marks: number }, { accountId: number; ids: string }>(
      `SELECT j.value AS id,
         EXISTS (SELECT 1 FROM followed_tags
           WHERE account_id = $accountId AND tag_id = j.value)
         + 2 * EXISTS (SELECT 1 FROM featured_tags
           WHERE account_id = $accountId AND tag_id = j.value) AS marks
       FROM json_each($ids) j`,
    )
    .all({ accountId, ids: JSON.stringify(tagIds) });
  return new Map(rows.map((row) => [row.id, row.marks]));
}

/** How often a tag was used on a day, and by how many people; `day` counts days since 1970. */
export type TagDay = { tagId: number; day: number; uses: number; people: number };

/** The last days of some tags in public posts; `sinceId` is the smallest id of these days. */
export function listTagDays(db: Database, tagIds: readonly number[], sinceId: number): TagDay[] {
  return db
    .query<TagDay, { ids: string; sinceId: number }>(
      `SELECT pt.tag_id AS tagId, p.published_at / 86400000 AS day, count(*) AS uses,
         count(DISTINCT p.account_id) AS people
       FROM json_each($ids) j CROSS JOIN post_tags pt ON pt.tag_id = j.value
         CROSS JOIN posts p ON p.id = pt.post_id CROSS JOIN accounts a ON a.id = p.account_id
       WHERE pt.post_id > $sinceId AND p.visibility = 'public' AND p.archived_at IS NULL
         AND p.hidden_at IS NULL AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND a.limited = 0
       GROUP BY 1, 2`,
    )
    .all({ ids: JSON.stringify(tagIds), sinceId });
}
