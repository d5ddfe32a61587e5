import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { type KeepRule, parseKeepRule } from '#base/core/keep-rule.ts';
import { readInstanceId } from '#domain/instance-id.ts';
import { readSetting } from '#domain/settings.ts';
import type { BackupTarget } from './place.ts';
import { labelOf, secretsOf } from './places-of.ts';
import type { PruneReport } from './prune.ts';
import { recordRun } from './record-run.ts';
import { runWork } from './run-work.ts';

/** Removes from a place what the setting `backup.keep` does not keep; with `dryRun` only says what that would be. */
export function prunePlace(
  ctx: Context,
  { target, dryRun }: { target: BackupTarget; dryRun: boolean },
): Promise<PruneReport> {
  const order = {
    kind: 'prune' as const,
    target,
    ...secretsOf(ctx.config),
    data: ctx.files.root,
    instance: readInstanceId(ctx),
    keep: keepOf(ctx),
    dryRun,
  };
  if (dryRun) return runWork(ctx.files, order);
  const run = { kind: 'prune' as const, backup: null, place: labelOf(target) };
  return recordRun(ctx, run, async (tell) => {
    const report = await runWork(ctx.files, order, { tell });
    const detail = `${report.removed.length} backups and ${report.files} photos (${formatBytes(report.bytes)}) were removed.`;
    return { value: report, backup: null, ok: true, detail };
  });
}

function keepOf(ctx: Context): KeepRule {
  const rule = parseKeepRule(readSetting(ctx, 'backup.keep'));
  if (rule !== null) return rule;
  throw new AppError('invalid', 'Which backups are kept cannot be read (backup.keep).');
}
