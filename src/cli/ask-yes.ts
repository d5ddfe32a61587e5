/**
 * Asks a question at the terminal (on stderr) and reads one line: true for y or yes. False where there is
 * no terminal, or nothing is answered.
 */
export async function askYes(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false;
  process.stderr.write(`${question} [y/N] `);
  const decoder = new TextDecoder();
  let typed = '';
  for await (const chunk of process.stdin.iterator({ destroyOnReturn: false })) {
    typed += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (typed.includes('\n')) break;
  }
  process.stdin.pause();
  return /^\s*y(es)?\s*$/i.test(typed.split('\n')[0] ?? '');
}
