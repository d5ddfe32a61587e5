import type { Database } from 'bun:sqlite';

/**
 * Runs `work` in one write transaction and returns its answer; a throw undoes all of it. `work`
 * must be synchronous: with `await` inside, bun:sqlite would commit at the first one, so a promise
 * is refused. Nested calls become savepoints.
 */
export function transaction<T>(db: Database, work: () => T): T {
  const run = db.transaction(() => {
    const answer = work();
    if (answer instanceof Promise) throw new TypeError('A transaction must be synchronous.');
    return answer;
  });
  return db.inTransaction ? run() : run.immediate();
}
