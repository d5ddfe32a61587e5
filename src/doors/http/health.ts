import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { saveSetting } from '#base/db/settings-queries.ts';
import { type BackupHealth, readBackupHealth } from '#domain/backup/backup-health.ts';
import { readSetting } from '#domain/settings.ts';
import { findOldestDueJob } from './health-queries.ts';

/** One probe serves everybody who asks within this time, so that asking costs the disk nothing. */
const FRESH_MS = 5000;
/** A due job older than this means that the worker does not keep up (milliseconds). */
const LATE_MS = 10 * 60_000;

export type Health = {
  status: 'ready' | 'degraded' | 'failed';
  version: string;
  database: 'ok' | 'failed';
  /** `low`: uploads are refused, all else works. */
  disk: 'ok' | 'low' | 'unknown';
  jobs: 'ok' | 'late' | 'unknown';
  /** Seconds that the oldest due job has waited. */
  oldestJobSeconds: number;
  /** `failed`: the last one, in any place; `late`: none for far too long; `none`: not one yet. */
  backup: BackupHealth;
};

/** Makes the answers of `/livez` (the process turns) and `/readyz` (it can do its work; 503 if not). */
export function createHealth(ctx: Context): (path: string) => Response | null {
  let probed: { at: number; health: Health } | null = null;
  return (path) => {
    if (path === '/livez') return answer(200, { status: 'alive', version: buildInfo.version });
    if (path !== '/readyz') return null;
    const now = ctx.now();
    if (probed === null || Math.abs(now - probed.at) > FRESH_MS) {
      probed = { at: now, health: probe(ctx, now) };
    }
    return answer(probed.health.status === 'failed' ? 503 : 200, probed.health);
  };
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}

function probe(ctx: Context, now: number): Health {
  const database = canWrite(ctx, now) ? 'ok' : 'failed';
  const disk = hasSpace(ctx);
  const waited = jobAge(ctx, now);
  const jobs = waited === null ? 'unknown' : waited > LATE_MS ? 'late' : 'ok';
  const backup = backupHealth(ctx);
  const degraded = disk === 'low' || jobs === 'late' || backup === 'failed' || backup === 'late';
  return {
    status: database === 'failed' ? 'failed' : degraded ? 'degraded' : 'ready',
    version: buildInfo.version,
    database,
    disk,
    jobs,
    oldestJobSeconds: Math.round((waited ?? 0) / 1000),
    backup,
  };
}

function canWrite(ctx: Context, now: number): boolean {
  try {
    saveSetting(ctx.db, 'health.probe', String(now), now);
    return true;
  } catch (error) {
    ctx.log.error('The database cannot be written', { error: String(error) });
    return false;
  }
}

function hasSpace(ctx: Context): Health['disk'] {
  try {
    return ctx.files.freeBytes() < readSetting(ctx, 'storage.min_free') ? 'low' : 'ok';
  } catch {
    return 'unknown';
  }
}

function backupHealth(ctx: Context): Health['backup'] {
  try {
    return readBackupHealth(ctx);
  } catch {
    return 'unknown';
  }
}

function jobAge(ctx: Context, now: number): number | null {
  try {
    const due = findOldestDueJob(ctx.db, now);
    return due === null ? 0 : Math.max(0, now - due);
  } catch {
    return null;
  }
}
