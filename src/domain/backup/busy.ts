import type { Database } from 'bun:sqlite';
import { AppError } from '#base/core/errors.ts';
import type { BackupProgress } from './progress.ts';
import type { BackupKind } from './run-queries.ts';

/** What is being done to backups right now; `progress` null until the child has said something. */
export type Busy = {
  kind: BackupKind;
  place: string;
  startedAt: number;
  progress: BackupProgress | null;
};

const busy = new WeakMap<Database, Busy>();

/** What this server does to its backups at the moment, or null. */
export function readBusy(db: Database): Busy | null {
  return busy.get(db) ?? null;
}

const DOING = { create: 'made', verify: 'checked', drill: 'tried out', prune: 'tidied' } as const;

/** Throws `conflict` while something is done to the backups of a server. */
export function requireIdle(db: Database): void {
  const other = busy.get(db);
  if (other === undefined) return;
  const what = other.kind === 'prune' ? 'The place of backups' : 'A backup';
  throw new AppError(
    'conflict',
    `${what} is being ${DOING[other.kind]} at the moment; wait for its end.`,
  );
}

/**
 * Does one thing at a time to the backups of a server. Throws `conflict` at once while another is
 * under way: two that write to one place would take away each other's files.
 */
export async function beBusy<T>(db: Database, what: Busy, work: () => Promise<T>): Promise<T> {
  requireIdle(db);
  busy.set(db, what);
  try {
    return await work();
  } finally {
    busy.delete(db);
  }
}
