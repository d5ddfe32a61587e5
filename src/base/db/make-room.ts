import type { Database } from 'bun:sqlite';

/**
 * After a write that found no room on the disk: moves what the write-ahead log holds into the database
 * and starts it over, so that the next writes need no new bytes (what frees space is one of them).
 * True if that worked; a reader in the way or no byte at all left means false.
 */
export function makeRoom(db: Database): boolean {
  try {
    const row = db.query<{ busy: number }, []>('PRAGMA wal_checkpoint(RESTART)').get();
    return row?.busy === 0;
  } catch {
    return false;
  }
}
