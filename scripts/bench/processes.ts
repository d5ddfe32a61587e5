import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Child = Bun.Subprocess<'pipe' | 'ignore', 'pipe' | 'ignore', 'inherit'>;

const children = new Set<Child>();
const folders = new Set<string>();

/** Starts a process that ends with the benchmark, however that ends. */
export function startProcess(
  command: string[],
  options: { stdin?: 'pipe'; stdout?: 'pipe'; env?: Record<string, string> } = {},
): Child {
  const child = Bun.spawn(command, {
    stdin: options.stdin ?? 'ignore',
    stdout: options.stdout ?? 'ignore',
    stderr: 'inherit',
    env: options.env ?? process.env,
  });
  children.add(child);
  void child.exited.then(() => children.delete(child));
  return child;
}

/** Runs a process to its end and gives what it printed; throws when it fails. */
export async function outputOf(
  command: string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const child = startProcess(command, { ...options, stdin: 'pipe', stdout: 'pipe' });
  const { stdin, stdout } = child;
  if (typeof stdin === 'number' || stdin === undefined || stdout === undefined) return '';
  stdin.write(options.input ?? '');
  await stdin.end();
  const text = await new Response(stdout as ReadableStream<Uint8Array>).text();
  const code = await child.exited;
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(' ')} ended with ${code}.`);
  return text;
}

/** A folder that goes with the benchmark, however that ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-bench-'));
  folders.add(folder);
  return folder;
}

/** Ends with all that was started and removes all that was made, on Ctrl-C and on a failure too. */
export function cleanUpAtExit(): void {
  process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
}
