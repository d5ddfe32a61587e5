import type { Database } from 'bun:sqlite';

/** Takes a post out of sight (a time) or shows it again (null). */
export function updateHidden(db: Database, id: number, hiddenAt: number | null): void {
  db.query('UPDATE posts SET hidden_at = $hiddenAt WHERE id = $id').run({ id, hiddenAt });
}
