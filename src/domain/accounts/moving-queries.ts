import type { Database } from 'bun:sqlite';

/** Replaces the actor ids that are the same person; JSON. */
export function updateAliases(db: Database, id: number, alsoKnownAs: string): void {
  db.query('UPDATE accounts SET also_known_as = $alsoKnownAs WHERE id = $id').run({
    id,
    alsoKnownAs,
  });
}

/** Notes where an account went and when; `movedToId` null takes the sign away, the time stays. */
export function updateMove(
  db: Database,
  row: { id: number; movedToId: number | null; movedAt: number | null },
): void {
  db.query('UPDATE accounts SET moved_to_id = $movedToId, moved_at = $movedAt WHERE id = $id').run(
    row,
  );
}

/** Shows or hides who follows an account and whom it follows. */
export function updateHideCollections(db: Database, id: number, hide: boolean): void {
  db.query('UPDATE accounts SET hide_collections = $hide WHERE id = $id').run({
    id,
    hide: hide ? 1 : 0,
  });
}
