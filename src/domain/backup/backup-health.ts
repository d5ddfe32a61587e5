import type { Context } from '#base/context.ts';
import { readSetting } from '#domain/settings.ts';
import { labelOf, targetsOf } from './places-of.ts';
import { findLastRun } from './run-queries.ts';

export type BackupHealth = 'ok' | 'failed' | 'late' | 'none' | 'off' | 'unknown';

const HOUR = 3_600_000;
// One more than should ever pass between two.
const LATE = { off: Infinity, '6h': 24 * HOUR, daily: 72 * HOUR, weekly: 16 * 24 * HOUR };

/** How it stands with the backups of all places, the worst of them; `off`: none are made by themselves. */
export function readBackupHealth(
  ctx: Pick<Context, 'config' | 'db' | 'files' | 'now'>,
): BackupHealth {
  const every = readSetting(ctx, 'backup.every');
  const found = targetsOf(ctx).map((target): BackupHealth => {
    const label = labelOf(target);
    const last = findLastRun(ctx.db, 'create', label, ['done', 'failed']);
    if (last === null) return every === 'off' ? 'off' : 'none';
    if (last.outcome === 'failed') return 'failed';
    return ctx.now() - last.startedAt > LATE[every] ? 'late' : 'ok';
  });
  for (const worst of ['failed', 'late', 'none', 'off'] as const) {
    if (found.includes(worst)) return worst;
  }
  return 'ok';
}
