import { fileURLToPath } from 'node:url';

/** The checkout, without a slash at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** How a child ended. `output` is stdout and stderr in the order in which they came. */
export type Outcome = { code: number; output: string; seconds: number };

type Options = { cwd?: string; env?: Record<string, string | undefined> };

/** Runs a command with this terminal, and throws a sentence when it fails. */
export async function run(command: string[], options: Options = {}): Promise<void> {
  const child = Bun.spawn(command, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  const code = await child.exited;
  if (code !== 0) throw new Error(`"${command.join(' ')}" ended with code ${code}.`);
}

/** Puts a command in this process's place: its terminal, its signals and its memory. Never comes back. */
export function become(command: string[]): never {
  const [file = ''] = command;
  process.execve?.(file, command, process.env);
  throw new Error(`${file} cannot be started.`);
}

/** Runs a command and gives back what it said; never throws for its exit code. */
export async function capture(command: string[], options: Options = {}): Promise<Outcome> {
  const begun = performance.now();
  const child = Bun.spawn(command, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  const decoder = new TextDecoder();
  const drain = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const chunk of stream) parts.push(decoder.decode(chunk));
  };
  await Promise.all([drain(child.stdout), drain(child.stderr)]);
  const code = await child.exited;
  return { code, output: parts.join(''), seconds: (performance.now() - begun) / 1000 };
}
