const TAKES = 30 * 60_000;
const TAIL = 2000;

/**
 * Lets another executable open the real data with the arguments of this server and the rights of this
 * process, without a port: migrations run, and it answers itself. Gives what was wrong, null for
 * nothing. Whatever becomes of it, it has ended when this returns.
 */
export async function rehearse(
  executable: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const child = Bun.spawn([executable, 'update-rehearsal', ...argv], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    timeout: TAKES,
    killSignal: 'SIGKILL',
    signal,
  });
  let said = '';
  const decoder = new TextDecoder();
  for await (const piece of child.stderr) {
    said = (said + decoder.decode(piece, { stream: true })).slice(-TAIL);
  }
  const code = await child.exited;
  if (code === 0) return null;
  return `The new version could not open your data (${said.trim() || `it ended with code ${code}`}).`;
}
