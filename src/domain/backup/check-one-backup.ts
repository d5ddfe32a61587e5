import type { Context } from '#base/context.ts';
import type { BackupTarget, PlaceSecrets } from './place.ts';
import { labelOf, secretsOf } from './places-of.ts';
import { recordRun } from './record-run.ts';
import { runWork } from './run-work.ts';
import type { WorkReports } from './work.ts';

export type CheckInput = {
  target: BackupTarget;
  /** Null: the newest. */
  name: string | null;
  signal?: AbortSignal;
};

/**
 * Reads all of a backup again, to the last byte, in a child process, and writes down what came of it.
 * What is wrong with the backup stands in the report; throws when it could not be looked at.
 */
export function checkOneBackup(
  ctx: Context,
  { target, name, signal }: CheckInput,
): Promise<WorkReports['verify']> {
  const run = { kind: 'verify' as const, backup: name, place: labelOf(target) };
  const secrets: PlaceSecrets = secretsOf(ctx.config);
  return recordRun(ctx, run, async (tell) => {
    const order = { kind: 'verify' as const, target, ...secrets, data: ctx.files.root, name };
    const report = await runWork(ctx.files, order, { tell, ...(signal ? { signal } : {}) });
    const [first = ''] = report.problems;
    const more = report.problemCount > 1 ? ` (and ${report.problemCount - 1} more problems)` : '';
    const detail = report.ok
      ? `${report.files} photos and the database were checked to the last byte.`
      : `It is not whole: ${first}${more}`;
    return { value: report, backup: report.name, ok: report.ok, detail };
  });
}
