import { statSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { countJobs } from '#base/jobs/queries.ts';
import { readCacheUse } from '#domain/media/cache-room.ts';
import { type InstanceMeter, readInstanceMeter } from '#domain/storage/meter.ts';
import { findLastBackup, findOldestJob, type LastRun, listLastRuns } from './vital-queries.ts';

/** How the server itself is. Bytes, and milliseconds since 1970. */
export type Vitals = {
  now: number;
  startedAt: number;
  jobs: { kind: string; state: string; count: number }[];
  /** When what waits longest was due; jobs that are not due yet count too. */
  oldestJobAt: number | null;
  storage: InstanceMeter;
  cache: { files: number; bytes: number };
  database: { bytes: number; logBytes: number };
  memory: { rss: number };
  lag: { last: number; worst: number };
  images: { pid: number | null; tasks: number } | null;
  /** When the newest good backup was finished. */
  backupAt: number | null;
  /** The last run of each kind of backup work. */
  backups: LastRun[];
};

/** Reads how the server is: some milliseconds, whatever there is. */
export function readVitals(ctx: Context): Vitals {
  return {
    now: ctx.now(),
    startedAt: ctx.startedAt,
    jobs: countJobs(ctx.db),
    oldestJobAt: findOldestJob(ctx.db),
    storage: readInstanceMeter(ctx),
    cache: readCacheUse(ctx),
    database: {
      bytes: sizeOf(ctx.files.database),
      logBytes: sizeOf(`${ctx.files.database}-wal`),
    },
    memory: { rss: process.memoryUsage.rss() },
    lag: ctx.lag.read(),
    images: ctx.images.state?.() ?? null,
    backupAt: findLastBackup(ctx.db),
    backups: listLastRuns(ctx.db),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
