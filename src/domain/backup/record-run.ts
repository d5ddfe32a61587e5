import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { type Busy, beBusy } from './busy.ts';
import type { TellProgress } from './progress.ts';
import { type BackupKind, deleteRunsBefore, finishRun, insertRun } from './run-queries.ts';

/** What came of a run: the row of `backup_runs` says so. `ok` false: it ended, but not well. */
export type RunResult<T> = { value: T; backup: string | null; ok: boolean; detail: string };

const KEEP_ROWS = 800 * 86_400_000;

/**
 * Does work on a place, alone, and writes down how it went: what it answers, or what it threw (which
 * is thrown on). `tell` is what pages and verbs see of its progress.
 */
export function recordRun<T extends object>(
  ctx: Pick<Context, 'db' | 'now' | 'newId' | 'log'>,
  run: { kind: BackupKind; backup: string | null; place: string },
  work: (tell: TellProgress) => Promise<RunResult<T>>,
): Promise<T> {
  const busy: Busy = { kind: run.kind, place: run.place, startedAt: ctx.now(), progress: null };
  return beBusy(ctx.db, busy, async () => {
    const id = ctx.newId();
    const begun = ctx.now();
    deleteRunsBefore(ctx.db, begun - KEEP_ROWS);
    insertRun(ctx.db, { id, ...run, now: begun });
    const end = (ok: boolean, backup: string | null, detail: string, value: T | null) =>
      finishRun(ctx.db, {
        id,
        backup,
        outcome: ok ? 'done' : 'failed',
        detail,
        report:
          value === null ? null : JSON.stringify({ ...value, milliseconds: ctx.now() - begun }),
        now: ctx.now(),
      });
    try {
      const result = await work((progress) => {
        busy.progress = progress;
      });
      end(result.ok, result.backup, result.detail, result.value);
      return result.value;
    } catch (error) {
      const known = error instanceof AppError;
      if (!known) ctx.log.error('Work on a backup failed.', { ...run, error });
      const why = error instanceof Error ? error.message : String(error);
      end(
        false,
        null,
        known ? why : `It failed for a reason that only the log tells (${why}).`,
        null,
      );
      throw error;
    }
  });
}
