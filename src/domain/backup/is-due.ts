import type { BackupRun } from './run-queries.ts';

/** How often backups are made by themselves. */
export type BackupEvery = 'off' | '6h' | 'daily' | 'weekly';

const HOUR = 3_600_000;
// Between the times of the other nightly work and the morning.
const QUIET_HOUR = 4;
const RETRY_AFTER = 6 * HOUR;

/**
 * Whether it is time for a backup, asked once an hour: at night where once a day or week is enough,
 * at any hour where the machine is off at night or there is none yet, and six hours after one failed.
 */
export function isBackupDue(
  every: BackupEvery,
  now: number,
  last: { good: BackupRun | null; any: BackupRun | null },
): boolean {
  if (every === 'off') return false;
  const sinceAny = now - (last.any?.startedAt ?? 0);
  if (last.any !== null && last.any.outcome === 'failed' && sinceAny < RETRY_AFTER) return false;
  if (last.good === null) return true;
  const since = now - last.good.startedAt;
  if (every === '6h') return since > 5.5 * HOUR;
  const [least, most] = every === 'daily' ? [12, 36] : [6.5 * 24, 8 * 24];
  const isQuiet = new Date(now).getHours() === QUIET_HOUR;
  return since > most * HOUR || (isQuiet && since > least * HOUR);
}
