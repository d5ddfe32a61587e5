import type { Context } from '#base/context.ts';
import { runOwnVerb } from '#base/platform/run-own-verb.ts';

/**
 * Looks for damage in the database in a process of its own, because reading all of it takes long.
 * Throws with the first lines of what it found.
 */
export async function checkDatabase(
  ctx: Pick<Context, 'files'>,
  signal: AbortSignal,
): Promise<string> {
  const { code, output } = await runOwnVerb('database-check', [ctx.files.database], signal);
  if (code !== 0) throw new Error(`The database is damaged or cannot be read: ${output}`);
  return output;
}
