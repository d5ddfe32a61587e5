import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { TINTYPE_BINARY: built } = process.env;

/** The executable where it was built for the tests, else the sources. */
export const program: readonly string[] =
  built === undefined
    ? [process.execPath, join(import.meta.dir, '..', '..', 'src/main.ts')]
    : [built];

/** What a command runs in: what stands before it, its whole environment, and what it reads. */
export type ProgramOptions = {
  before?: readonly string[];
  env?: Record<string, string>;
  stdin?: string;
};

/** How a verb ended. */
export type EndedVerb = { code: number; stdout: string; stderr: string };

/** A server in a process of its own. */
export type ProgramServer = {
  url: string;
  pid: number;
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number>;
  /** SIGKILL for it and all that it started. */
  kill9(): Promise<void>;
};

/** Starts a verb that a test may kill. */
export function spawnVerb(args: readonly string[], { before = [], env = {} }: ProgramOptions = {}) {
  return Bun.spawn([...before, ...program, ...args], {
    ...{ env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  });
}

/** Runs a verb to its end. */
export async function runProgramVerb(
  args: readonly string[],
  { before = [], env = {}, stdin = '' }: ProgramOptions = {},
): Promise<EndedVerb> {
  const child = Bun.spawn([...before, ...program, ...args], {
    ...{ env, stdin: new Blob([stdin]), stdout: 'pipe', stderr: 'pipe' },
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

/** Starts `serve` on a free port of loopback and waits until it says that it is ready. */
export async function serveProgram(
  data: string,
  options: ProgramOptions & { args?: readonly string[] } = {},
): Promise<ProgramServer> {
  const { before = [], env = {}, args = [] } = options;
  const child = Bun.spawn(
    [
      ...[...before, ...program, 'serve', '--data', data],
      ...['--listen', '127.0.0.1:0', '--rates', 'off', '--log-level', 'error', ...args],
    ],
    { env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  );
  const complaint = new Response(child.stderr).text();
  const server = {
    stop: () => {
      child.kill('SIGTERM');
      return child.exited;
    },
    kill9: async () => {
      await killFamily(child.pid);
      await child.exited;
    },
  };
  let said = '';
  const decoder = new TextDecoder();
  for await (const piece of child.stdout) {
    said += decoder.decode(piece, { stream: true });
    const url = /is ready: (http:\/\/\S+)/.exec(said)?.[1];
    if (url === undefined) continue;
    return { ...server, pid: child.pid, url: url.replace('localhost', '127.0.0.1') };
  }
  throw new Error(`The server ended: ${said}${await complaint}`);
}

/** A process with everything that it started, and they in turn. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0];
      parents.set(Number(name), Number(parent));
    } catch {
      // It ended while it was looked at.
    }
  }
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

/** SIGKILL for a process and all that it started; they are gone when this resolves. */
export async function killFamily(pid: number): Promise<void> {
  // Held still first, so that nobody is born meanwhile.
  for (const member of familyOf(pid)) kill(member, 'SIGSTOP');
  const family = familyOf(pid);
  for (const member of family) kill(member, 'SIGKILL');
  await untilGone(family);
}

/** Sends a signal to somebody who may be gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was faster.
  }
}

/** Waits until processes are gone, at most twenty seconds. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  const end = Date.now() + 20_000;
  for (const pid of pids) {
    while (isAlive(pid)) {
      if (Date.now() > end) throw new Error(`Process ${pid} goes on.`);
      await Bun.sleep(5);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    // The first thread may be gone while another one waits for the disk, and holds the lock.
    const isOver = readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    return !isOver || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/** Numbers between 0 and 1 that are the same in every run; `TINTYPE_SEED` chooses others. */
export function seededRandom(seed = Number(process.env.TINTYPE_SEED ?? 1839)): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
