import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { parseKeepRule } from '#base/core/keep-rule.ts';
import { readInstanceId } from '#domain/instance-id.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { originOf } from '#domain/origin.ts';
import { queueJob } from '#domain/queue-job.ts';
import { readSetting } from '#domain/settings.ts';
import { holdRemoval } from '#domain/storage/hold-removal.ts';
import { requireIdle } from './busy.ts';
import { chooseCheck } from './choose-check.ts';
import type { CreateReport } from './create.ts';
import type { BackupTarget } from './place.ts';
import { labelOf, secretsOf, targetsOf } from './places-of.ts';
import { recordRun } from './record-run.ts';
import { findLastRun } from './run-queries.ts';
import { runWork } from './run-work.ts';

export type BackUpOptions = {
  signal?: AbortSignal;
  /** Begins anew in a place that held backups before and holds none any more. */
  anew?: boolean;
};

/** One backup for each place that took it, and why the others did not. */
export type BackUpResult = {
  backups: CreateReport[];
  failures: { place: string; kind: AppError['kind']; problem: string }[];
};

/**
 * Makes a backup in each place, one after the other, while the server goes on. Files of photos that
 * are deleted meanwhile stay until the end. Each place has a row in `backup_runs`; admins are told
 * when one failed, and of photos that are missing or damaged in the data directory.
 */
export async function backUp(ctx: Context, options: BackUpOptions = {}): Promise<BackUpResult> {
  const result: BackUpResult = { backups: [], failures: [] };
  requireIdle(ctx.db);
  const release = holdRemoval(ctx.db);
  try {
    for (const target of targetsOf(ctx)) {
      const place = labelOf(target);
      try {
        const report = await backUpTo(ctx, target, options);
        result.backups.push(report);
        if (!report.verify.ok) throw new AppError('invalid', describeFailedCheck(report));
      } catch (error) {
        const kind = error instanceof AppError ? error.kind : 'unavailable';
        const problem = error instanceof Error ? error.message : String(error);
        result.failures.push({ place, kind, problem });
      }
    }
  } finally {
    release();
    queueJob(ctx, 'storage.remove_files', {}, { uniqueKey: 'all' });
  }
  tellOutcome(ctx, result);
  return result;
}

function backUpTo(
  ctx: Context,
  target: BackupTarget,
  { signal, anew = false }: BackUpOptions,
): Promise<CreateReport> {
  const place = labelOf(target);
  return recordRun(ctx, { kind: 'create', backup: null, place }, async (tell) => {
    const report = await runWork(
      ctx.files,
      {
        kind: 'create',
        target,
        ...secretsOf(ctx.config),
        data: ctx.files.root,
        mediaBucket: ctx.config.mediaBucket,
        instance: readInstanceId(ctx),
        origin: originOf(ctx.config),
        version: buildInfo.version,
        now: ctx.now(),
        keep: parseKeepRule(readSetting(ctx, 'backup.keep')),
        checkPart: chooseCheck(ctx.db, target, place),
        known: !anew && wasThere(ctx, target),
      },
      { tell, ...(signal ? { signal } : {}) },
    );
    const { ok } = report.verify;
    const detail = ok ? describeBackup(report) : describeFailedCheck(report);
    return { value: report, backup: report.name, ok, detail };
  });
}

/** True if backups should lie in a place already; the one in the data directory goes with a restore. */
function wasThere(ctx: Context, target: BackupTarget): boolean {
  if (target.kind === 'directory' && target.path === ctx.files.backups) return false;
  return findLastRun(ctx.db, 'create', labelOf(target), ['done']) !== null;
}

function describeBackup(report: CreateReport): string {
  const { newFiles, newBytes, verify, missingCount, mended, pruneProblem } = report;
  const checked =
    verify.mode === 'full'
      ? 'every byte was checked'
      : `${verify.checked.files} of ${verify.files} photos were checked to the last byte, all others by their size`;
  return [
    `${newFiles} new photos, ${formatBytes(newBytes)}; ${checked}.`,
    missingCount > 0
      ? ` ${missingCount} photos are missing or damaged in the data directory and are not in it.`
      : '',
    mended > 0 ? ` ${mended} photos had gone bad in the place and were copied again.` : '',
    pruneProblem === null ? '' : ` ${pruneProblem}`,
  ].join('');
}

function describeFailedCheck({ verify }: CreateReport): string {
  const [first = ''] = verify.problems;
  const more = verify.problemCount > 1 ? ` (and ${verify.problemCount - 1} more problems)` : '';
  return `The backup was made, but it is not whole: ${first}${more}`;
}

function tellOutcome(ctx: Context, { backups, failures }: BackUpResult): void {
  if (failures.length === 0) clearBanner(ctx, 'backup.failed');
  else {
    const reasons = failures.map(({ place, problem }) => `${place}: ${problem}`).join('\n');
    tellAdmins(ctx, {
      key: 'backup.failed',
      subject: 'A backup failed',
      text: `${reasons}\nThe page "Backups" tells what to do.`,
    });
  }
  const missing = Math.max(0, ...backups.map((report) => report.missingCount));
  if (missing === 0 && backups.length > 0) clearBanner(ctx, 'backup.missing');
  if (missing === 0) return;
  const [report] = backups;
  tellAdmins(ctx, {
    key: 'backup.missing',
    subject: 'Photos are missing or damaged',
    text: `${missing} files of photos in the data directory are missing or damaged, like ${report?.missing[0] ?? ''}. An older backup may still have them: restore it to another directory and look.`,
  });
}
