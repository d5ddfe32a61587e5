import type { Database } from 'bun:sqlite';
import { readPragma } from './open.ts';

/** Milliseconds between two looks for commits of other connections: while it runs, the server alone writes. */
const LOOK_EVERY = 50;

/**
 * Makes the question every memory of what was read asks first: the answer is another number as soon
 * as anything at all was written through this connection, and within 50 ms of a commit through any
 * other. Costs a tenth of a microsecond; what was undone counts as a change, too.
 */
export function watchChanges(db: Database): () => number {
  let age = 0;
  let own = -1;
  let others = -1;
  let looked = Number.NEGATIVE_INFINITY;
  return () => {
    const changes = countOwnChanges(db);
    const now = performance.now();
    let same = changes === own;
    own = changes;
    if (now - looked > LOOK_EVERY) {
      looked = now;
      const version = readPragma(db, 'data_version');
      same &&= version === others;
      others = version;
    }
    if (!same) age += 1;
    return age;
  };
}

/** Another text after any change, whoever made it, at once: some microseconds. */
export function readChangeStamp(db: Database): string {
  return `${countOwnChanges(db)}-${readPragma(db, 'data_version')}`;
}

function countOwnChanges(db: Database): number {
  return db.query<{ n: number }, []>('SELECT total_changes() AS n').get()?.n ?? -1;
}
