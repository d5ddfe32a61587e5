import { ownCommand } from './own-command.ts';

/**
 * Runs another verb of this program to its end in a child with an empty environment and gives its
 * exit code and what it printed (both streams, trimmed). `signal` kills it.
 */
export async function runOwnVerb(
  verb: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  const child = Bun.spawn([...ownCommand(verb), ...argv], {
    env: {},
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    signal,
  });
  const [code, ...texts] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, output: texts.join('').trim() };
}
