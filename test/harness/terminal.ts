import { join } from 'node:path';

const MAIN = join(import.meta.dir, '..', '..', 'src', 'main.ts');

/** What a person types once `after` stands on the screen. */
export type Typing = { after: string; type: string };

/** Runs a verb from the sources at a terminal, and gives everything that stood on the screen. */
export async function runAtTerminal(
  argv: string[],
  typing: readonly Typing[],
): Promise<{ code: number; screen: string }> {
  const decoder = new TextDecoder();
  const waiting = [...typing];
  let screen = '';
  const child = Bun.spawn([process.execPath, MAIN, ...argv], {
    env: {},
    terminal: {
      cols: 100,
      rows: 30,
      data: (terminal, data) => {
        screen += decoder.decode(data, { stream: true });
        const [next] = waiting;
        if (next === undefined || !screen.includes(next.after)) return;
        waiting.shift();
        terminal.write(next.type);
      },
    },
  });
  const code = await child.exited;
  child.terminal?.close();
  return { code, screen };
}
