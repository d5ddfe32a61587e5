import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type BenchServer = {
  url: string;
  pid: number;
  data: string;
  stop(): Promise<void>;
};

const BINARY = join(import.meta.dir, '../../dist/tintype');
let nextPort = 18_400;

/** A port of the loopback range for one server of the benchmark. */
export function freePort(): number {
  nextPort += 1;
  return nextPort;
}

/** An empty data directory with an owner `ann` in it and an access token of hers. */
export async function makeData(): Promise<{ data: string; token: string }> {
  const data = mkdtempSync(join(tmpdir(), 'tintype-bench-'));
  await verb(
    [
      'account',
      'create',
      'ann',
      '--email',
      'ann@example.org',
      '--owner',
      '--password-stdin',
      '--data',
      data,
    ],
    'correct horse battery',
  );
  const token = (await verb(['account', 'token', 'ann', '--scopes', 'read write', '--data', data]))
    .trim()
    .split(/\s+/)
    .at(-1);
  if (token === undefined) throw new Error('No token was printed.');
  return { data, token };
}

/** Removes what `makeData` made. */
export function removeData(data: string): void {
  rmSync(data, { recursive: true, force: true });
}

async function verb(args: string[], stdin = ''): Promise<string> {
  const child = Bun.spawn([BINARY, ...args], {
    stdin: new TextEncoder().encode(stdin),
    stdout: 'pipe',
    stderr: 'inherit',
    env: {},
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`tintype ${args.slice(0, 2).join(' ')} failed.`);
  return text;
}

/** Starts the compiled file on existing data and answers when `/readyz` does, with the time that took. */
export async function startServer(data: string): Promise<{ server: BenchServer; readyMs: number }> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const child = Bun.spawn(
    [
      BINARY,
      'serve',
      '--data',
      data,
      '--listen',
      `127.0.0.1:${port}`,
      '--origin',
      url,
      '--rates',
      'off',
    ],
    { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit', env: { TINTYPE_LOG_LEVEL: 'warning' } },
  );
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    if (performance.now() - begun > 30_000)
      throw new Error('The server was not ready within 30 s.');
    await Bun.sleep(2);
  }
  const readyMs = performance.now() - begun;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await child.exited;
  };
  return { server: { url, pid: child.pid, data, stop }, readyMs };
}

/** Resident memory of a process and all of its children, bytes. */
export function residentBytes(pid: number): { server: number; all: number } {
  const own = residentOf(pid);
  let all = own;
  const waiting = childrenOf(pid);
  for (let child = waiting.pop(); child !== undefined; child = waiting.pop()) {
    all += residentOf(child);
    waiting.push(...childrenOf(child));
  }
  return { server: own, all };
}

function residentOf(pid: number): number {
  try {
    const line = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** Watches memory every 20 ms while `work` runs; the highest sums seen, bytes. */
export async function peakMemory(
  pid: number,
  work: () => Promise<unknown>,
): Promise<{ server: number; all: number }> {
  const peak = { server: 0, all: 0 };
  const timer = setInterval(() => {
    const now = residentBytes(pid);
    peak.server = Math.max(peak.server, now.server);
    peak.all = Math.max(peak.all, now.all);
  }, 20);
  await work();
  clearInterval(timer);
  return peak;
}

/** Starts one of the bare programs beside this file as a process of its own and waits until it answers. */
export async function startBare(
  file: string,
  args: string[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = freePort();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, file), String(port), ...args], {
    stdout: 'ignore',
    stderr: 'inherit',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 500; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    await Bun.sleep(10);
  }
  return {
    url,
    stop: async () => {
      child.kill();
      await child.exited;
    },
  };
}
