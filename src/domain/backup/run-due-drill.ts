import type { Context } from '#base/context.ts';
import { describeDrill, runDrill } from './drill.ts';
import { labelOf, targetsOf } from './places-of.ts';
import { findLastRun } from './run-queries.ts';

/**
 * The monthly drill: tries the newest backup of every place out, and says how it went. Where none was
 * ever made there is nothing to try; that backups are missing is told elsewhere. Throws with the
 * first place that failed.
 */
export async function runDueDrill(ctx: Context, signal: AbortSignal): Promise<string> {
  const made = (label: string) => findLastRun(ctx.db, 'create', label, ['done']) !== null;
  if (!targetsOf(ctx).some((target) => made(labelOf(target)))) return 'there is no backup yet';
  const { drills, failures } = await runDrill(ctx, { signal });
  const [bad] = failures;
  if (bad !== undefined) throw new Error(`${bad.place}: ${bad.problem}`);
  return drills.map(describeDrill).join(' ');
}
