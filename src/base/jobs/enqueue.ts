import type { Database } from 'bun:sqlite';
import { hastenJob, insertJob } from './queries.ts';

/**
 * Writes a job into the caller's transaction: the work exists exactly when the change does. With a
 * `uniqueKey` there is at most one waiting job of that kind and key; a second call only makes it run
 * earlier. Times in milliseconds since 1970.
 */
export function enqueueJob(
  db: Database,
  job: {
    id: number;
    kind: string;
    payload: unknown;
    runAt: number;
    uniqueKey?: string | undefined;
    now: number;
  },
): void {
  const uniqueKey = job.uniqueKey ?? null;
  const written = insertJob(db, { ...job, uniqueKey, payload: JSON.stringify(job.payload) });
  if (!written && uniqueKey !== null) hastenJob(db, job.kind, uniqueKey, job.runAt);
}
