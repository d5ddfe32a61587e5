import type { Database } from 'bun:sqlite';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { finishDrill, insertDrill } from './drill-queries.ts';
import type { DrillReport } from './drill-restore.ts';
import type { BackupTarget } from './place.ts';
import { runRestoreWorker } from './run-restore-worker.ts';

const BANNER = 'backup.drill';

const running = new WeakMap<Database, Promise<DrillReport[]>>();

/** True while a drill of this server runs. */
export function isDrilling(db: Database): boolean {
  return running.has(db);
}

/**
 * Proves the backups by using them: the newest of each place is restored to a scratch folder by a child
 * process, started as a quiet copy, looked at as its owner, and removed. Reported in `backup_runs`; what
 * fails is told to the admins. A report that is not `ok` is no throw; throws `conflict` while one runs,
 * and where no drill could be made at all (no backup yet, no room, a place out of reach).
 */
export async function runDrill(
  ctx: Context,
  signal?: AbortSignal,
  progress: (text: string) => void = () => undefined,
): Promise<DrillReport[]> {
  if (running.has(ctx.db)) throw new AppError('conflict', 'A drill is running already.');
  const work = drillAll(ctx, signal, progress).finally(() => running.delete(ctx.db));
  running.set(ctx.db, work);
  return await work;
}

async function drillAll(
  ctx: Context,
  signal: AbortSignal | undefined,
  progress: (text: string) => void,
): Promise<DrillReport[]> {
  const { to } = ctx.config.backup;
  const own: BackupTarget = { kind: 'directory', path: ctx.files.backups };
  const reports: DrillReport[] = [];
  for (const target of to.length > 0 ? to : [own]) {
    reports.push(await drillOne(ctx, target, signal, progress));
  }
  if (reports.every((report) => report.ok)) clearBanner(ctx, BANNER);
  return reports;
}

async function drillOne(
  ctx: Context,
  target: BackupTarget,
  signal: AbortSignal | undefined,
  progress: (text: string) => void,
): Promise<DrillReport> {
  const id = ctx.newId();
  insertDrill(ctx.db, { id, place: target.kind, startedAt: ctx.now() });
  const scratch = join(ctx.files.tmp, `drill-${randomUUID()}`);
  try {
    const report = (await runRestoreWorker(
      {
        task: 'drill',
        target,
        s3: ctx.config.s3,
        passphrase: ctx.config.backup.passphrase,
        name: null,
        data: ctx.files.root,
        fingerprint: null,
        withoutDamaged: false,
        endLogins: false,
        scratch,
        canAsk: false,
        typed: '',
      },
      { progress, answer: async () => null, ...(signal ? { signal } : {}) },
    )) as DrillReport;
    note(ctx, id, report);
    return report;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const outcome = signal?.aborted === true ? 'interrupted' : 'failed';
    transaction(ctx.db, () => {
      const finishedAt = ctx.now();
      finishDrill(ctx.db, { id, backup: null, outcome, detail, report: null, finishedAt });
      if (outcome === 'failed') tell(ctx, detail);
    });
    throw error;
  } finally {
    // A child that was killed leaves it.
    rmSync(scratch, { recursive: true, force: true });
  }
}

function note(ctx: Context, id: number, report: DrillReport): void {
  const detail = describeDrill(report);
  transaction(ctx.db, () => {
    finishDrill(ctx.db, {
      id,
      backup: report.backup,
      outcome: report.ok ? 'done' : 'failed',
      detail,
      report: JSON.stringify(report),
      finishedAt: ctx.now(),
    });
    if (!report.ok) tell(ctx, detail);
  });
  ctx.log[report.ok ? 'info' : 'error']('A backup was tried out.', {
    backup: report.backup,
    ok: report.ok,
    milliseconds: report.milliseconds,
  });
}

function tell(ctx: Context, detail: string): void {
  tellAdmins(ctx, {
    key: BANNER,
    subject: 'A backup could not be used',
    text: `${detail} Make a new backup (tintype backup create) and try it out (tintype backup drill).`,
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
