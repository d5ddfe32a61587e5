import type { Database } from 'bun:sqlite';

/**
 * Writes what of a post is searched (its caption, warning, place and alt texts) as it is now; only
 * inside the caller's transaction. A post that goes, and a photo that is described anew, are seen to
 * by the database.
 */
export function saveWords(db: Database, postId: number): void {
  db.query(
    `INSERT OR REPLACE INTO post_words (rowid, words)
     SELECT id, words FROM post_texts WHERE id = $postId`,
  ).run({ postId });
}
