import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { isSetUp } from '#domain/accounts/setup-state.ts';
import { readSetting } from '#domain/settings.ts';
import { backUp } from './back-up.ts';
import { readBusy } from './busy.ts';
import { isBackupDue } from './is-due.ts';
import { labelOf, targetsOf } from './places-of.ts';
import { findLastRun } from './run-queries.ts';

/** Makes a backup if it is time for one (`backup.every`); throws when one of the places did not take it. */
export async function runDueBackup(ctx: Context, signal: AbortSignal): Promise<string> {
  if (!isSetUp(ctx.db)) return 'nothing to back up yet';
  const every = readSetting(ctx, 'backup.every');
  const isDue = targetsOf(ctx).some((target) => {
    const place = labelOf(target);
    const good = findLastRun(ctx.db, 'create', place, ['done']);
    const any = findLastRun(ctx.db, 'create', place, ['done', 'failed', 'interrupted']);
    return isBackupDue(every, ctx.now(), { good, any });
  });
  if (!isDue) return every === 'off' ? 'switched off' : 'not due yet';
  if (readBusy(ctx.db) !== null) return 'another one is under way';
  const { backups, failures } = await backUp(ctx, { signal });
  const [failure] = failures;
  if (failure !== undefined) {
    throw new AppError(failure.kind, `${failure.place}: ${failure.problem}`);
  }
  return backups.map((report) => report.path).join(', ');
}
