import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { requireIdle } from './busy.ts';
import type { DrillReport } from './drill-restore.ts';
import type { BackupTarget } from './place.ts';
import { labelOf, secretsOf, targetsOf } from './places-of.ts';
import { recordRun } from './record-run.ts';
import { runRestoreWorker } from './run-restore-worker.ts';

const BANNER = 'backup.drill';

/** How the drill of each place went, and where none could be made (no backup, no room, out of reach). */
export type DrillResult = {
  drills: DrillReport[];
  failures: { place: string; problem: string }[];
};

/**
 * Proves the backups by using them: the newest of each place is restored to a scratch folder by a child
 * process, started as a quiet copy, looked at as its owner, and removed. Each has a row in
 * `backup_runs`; what fails is told to the admins and stands in the result. Throws `conflict` while
 * something else is done to the backups.
 */
export async function runDrill(
  ctx: Context,
  options: { signal?: AbortSignal; progress?: (text: string) => void } = {},
): Promise<DrillResult> {
  requireIdle(ctx.db);
  const result: DrillResult = { drills: [], failures: [] };
  for (const target of targetsOf(ctx)) {
    try {
      result.drills.push(await drillOne(ctx, target, options));
    } catch (error) {
      options.signal?.throwIfAborted();
      const problem = error instanceof Error ? error.message : String(error);
      result.failures.push({ place: labelOf(target), problem });
    }
  }
  tellOutcome(ctx, result);
  return result;
}

function drillOne(
  ctx: Context,
  target: BackupTarget,
  options: { signal?: AbortSignal; progress?: (text: string) => void },
): Promise<DrillReport> {
  const run = { kind: 'drill' as const, backup: null, place: labelOf(target) };
  return recordRun(ctx, run, async () => {
    const scratch = join(ctx.files.tmp, `drill-${randomUUID()}`);
    try {
      const report = (await runRestoreWorker(
        {
          task: 'drill',
          target,
          ...secretsOf(ctx.config),
          name: null,
          data: ctx.files.root,
          fingerprint: null,
          withoutDamaged: false,
          endLogins: false,
          scratch,
          canAsk: false,
          typed: '',
        },
        {
          progress: options.progress ?? (() => undefined),
          answer: async () => null,
          ...(options.signal ? { signal: options.signal } : {}),
        },
      )) as DrillReport;
      const detail = describeDrill(report);
      return { value: report, backup: report.backup, ok: report.ok, detail };
    } finally {
      // A child that was killed leaves it.
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

function tellOutcome(ctx: Context, { drills, failures }: DrillResult): void {
  const bad = [
    ...drills.filter((report) => !report.ok).map(describeDrill),
    ...failures.map(({ place, problem }) => `${place}: ${problem}`),
  ];
  if (bad.length === 0) {
    clearBanner(ctx, BANNER);
    return;
  }
  tellAdmins(ctx, {
    key: BANNER,
    subject: 'A backup could not be used',
    text: `${bad.join('\n')}\nMake a new backup (tintype backup create), then try it out (tintype backup drill).`,
  });
}

/** A drill in one or two sentences for people. */
export function describeDrill(report: DrillReport): string {
  const { backup, place, steps } = report;
  const failed = steps.filter((step) => !step.ok);
  if (failed.length === 0) {
    const photos = report.files === report.ofFiles ? 'all' : `${report.files} of ${report.ofFiles}`;
    return `The backup ${backup} in ${place} was restored with ${photos} files, started and looked at: it works.`;
  }
  const why = failed.map((step) => `${step.name}: ${step.detail}`).join(' ');
  return `The backup ${backup} in ${place} did not pass its drill. ${why}`;
}
