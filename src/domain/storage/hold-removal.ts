import type { Database } from 'bun:sqlite';

const holds = new WeakMap<Database, number>();

/**
 * Keeps the files of deleted photos on the disk until the answer is called (once): a backup may
 * still have to copy them. Rows go as ever; `storage.remove_files` and the sweep do nothing meanwhile.
 * Ends with the process.
 */
export function holdRemoval(db: Database): () => void {
  holds.set(db, (holds.get(db) ?? 0) + 1);
  let held = true;
  return () => {
    if (held) holds.set(db, (holds.get(db) ?? 1) - 1);
    held = false;
  };
}

/** True while somebody holds files back. */
export function isRemovalHeld(db: Database): boolean {
  return (holds.get(db) ?? 0) > 0;
}
