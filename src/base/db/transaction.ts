import type { Database } from 'bun:sqlite';

type Run = ReturnType<typeof makeRun>;

// Making one takes longer than a savepoint itself.
const runs = new WeakMap<Database, Run>();

/**
 * Runs `work` in one write transaction and returns its answer; a throw undoes all of it. `work`
 * must be synchronous: with `await` inside, bun:sqlite would commit at the first one, so a promise
 * is refused. Nested calls become savepoints.
 */
export function transaction<T>(db: Database, work: () => T): T {
  const run = runs.get(db) ?? makeRun(db);
  runs.set(db, run);
  return (db.inTransaction ? run(work) : run.immediate(work)) as T;
}

function makeRun(db: Database) {
  return db.transaction((work: () => unknown) => {
    const answer = work();
    if (answer instanceof Promise) throw new TypeError('A transaction must be synchronous.');
    return answer;
  });
}
