import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dir, '..', '..');

/** Somebody without a name, a home or a group of their own; null where this user may not change. */
export const stranger: number | null =
  process.getuid?.() === 0 ? 61_000 + (process.pid % 4000) : null;

/** A place in which the executable lies alone and may write nothing, with a data directory beside it. */
export type Home = {
  /** The executable's folder, without write permission. */
  program: string;
  binary: string;
  /** Empty, and the only place that may be written to. */
  data: string;
  remove(): void;
};

/** How a command ended. */
export type Ended = { code: number; stdout: string; stderr: string };

/** A server that runs. */
export type Running = {
  url: string;
  /** The one-time link that it printed, or null when an owner exists. */
  setupLink: string | null;
  pid: number;
  /** Everything printed so far. */
  output(): string;
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number>;
  kill9(): Promise<void>;
};

/** `nehalem` is the x64 file on an emulated processor of 2008: SSE4.2, no AVX. */
export type Architecture = 'native' | 'arm64' | 'nehalem';

/** The built executable: from the environment of `bun run test`, else where `bun run build` leaves it. */
export function builtBinary(architecture: Architecture = 'native'): string {
  const path =
    architecture !== 'arm64'
      ? (process.env.TINTYPE_BINARY ?? join(root, 'dist/tintype'))
      : (process.env.TINTYPE_BINARY_ARM64 ?? join(root, 'dist/tintype-linux-arm64'));
  if (existsSync(path)) return path;
  throw new Error(`${path} is not built: "bun run build --target all" does it.`);
}

/** Copies the executable alone into an empty directory that nobody may write to. */
export function makeHome(architecture: Architecture = 'native'): Home {
  const place = mkdtempSync(join(tmpdir(), 'tintype-binary-'));
  const home = {
    program: join(place, 'program'),
    binary: join(place, 'program', 'tintype'),
    data: join(place, 'data'),
    remove: () => {
      chmodSync(join(place, 'program'), 0o755);
      rmSync(place, { recursive: true, force: true });
    },
  };
  chmodSync(place, 0o755);
  mkdirSync(home.program);
  copyFileSync(builtBinary(architecture), home.binary);
  chmodSync(home.binary, 0o555);
  chmodSync(home.program, 0o555);
  mkdirSync(home.data, { mode: 0o700 });
  if (stranger !== null) chownSync(home.data, stranger, stranger);
  return home;
}

/** The command that runs something as the stranger, and under qemu where the file is not for this processor. */
export function asStranger(command: string[], architecture: Architecture = 'native'): string[] {
  const emulated = [...emulator(architecture), ...command];
  if (stranger === null) return emulated;
  const id = String(stranger);
  return [
    '/usr/bin/setpriv',
    `--reuid=${id}`,
    `--regid=${id}`,
    '--clear-groups',
    '--inh-caps=-all',
    '--no-new-privs',
    ...emulated,
  ];
}

function emulator(architecture: Architecture): string[] {
  if (architecture === 'nehalem') return ['/usr/bin/qemu-x86_64-static', '-cpu', 'Nehalem'];
  if (architecture === 'arm64' && process.arch !== 'arm64') return ['/usr/bin/qemu-aarch64-static'];
  return [];
}

type VerbOptions = {
  architecture?: Architecture;
  stdin?: string;
  env?: Record<string, string>;
  cwd?: string;
};

/** Runs one verb to its end with an empty environment, in the program's own folder. */
export async function runVerb(
  home: Home,
  args: string[],
  options: VerbOptions = {},
): Promise<Ended> {
  const child = Bun.spawn(asStranger([home.binary, ...args], options.architecture), {
    cwd: options.cwd ?? home.program,
    env: options.env ?? {},
    stdin: new Blob([options.stdin ?? '']),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

/** Starts `tintype serve` on a free port of this machine and waits until it is ready. */
export async function startBinary(
  home: Home,
  options: { args?: string[]; env?: Record<string, string>; architecture?: Architecture } = {},
): Promise<Running> {
  const port = await freePort();
  const { args = [], env = {}, architecture = 'native' } = options;
  const listen = `127.0.0.1:${port}`;
  return await startCommand(
    [home.binary, 'serve', '--data', home.data, '--listen', listen, ...args],
    { url: `http://${listen}`, cwd: home.program, env, architecture },
  );
}

/** Starts any command as the stranger and waits until `/readyz` below `url` answers. */
export async function startCommand(
  command: string[],
  options: {
    url: string;
    cwd: string;
    env: Record<string, string>;
    architecture?: Architecture;
  },
): Promise<Running> {
  const { url, cwd, env, architecture = 'native' } = options;
  const child = Bun.spawn(asStranger(command, architecture), {
    cwd,
    env,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const parts: string[] = [];
  const output = (): string => parts.join('');
  void collect(child.stdout, parts);
  void collect(child.stderr, parts);
  await ready(url, architecture === 'native' ? 20 : 180, () => child.exitCode !== null, output);
  return {
    url,
    setupLink: /https?:\/\/\S+\/setup\S*/.exec(output())?.[0] ?? null,
    pid: child.pid,
    output,
    stop: () => {
      child.kill('SIGTERM');
      return child.exited;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}

/**
 * Lets a server that runs under qemu start its image worker: the kernel cannot run the arm64 file that
 * the server names, so a script that calls qemu takes its place once the server has read it.
 */
export function wrapForQemu(home: Home): void {
  if (process.arch === 'arm64') return;
  chmodSync(home.program, 0o755);
  const real = `${home.binary}.arm64`;
  renameSync(home.binary, real);
  writeFileSync(home.binary, `#!/bin/sh\nexec /usr/bin/qemu-aarch64-static ${real} "$@"\n`);
  chmodSync(home.binary, 0o555);
  chmodSync(home.program, 0o555);
}

/** Files outside the data directory that belong to the stranger; empty as long as nothing was littered. */
export async function littered(home: Home): Promise<string[]> {
  const owner = stranger === null ? [] : ['-user', String(stranger)];
  if (owner.length === 0) return [];
  const places = ['/tmp', '/var/tmp', '/dev/shm', '/run', home.program];
  const child = Bun.spawn(['find', ...places, ...owner, '-not', '-path', `${home.data}*`], {
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const text = await new Response(child.stdout).text();
  return text.split('\n').filter((line) => line !== '');
}

async function ready(
  url: string,
  seconds: number,
  ended: () => boolean,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (ended()) throw new Error(`The server ended at its start:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    await Bun.sleep(20);
  }
  throw new Error(`The server was not ready after ${seconds} s:\n${output()}`);
}

async function collect(stream: ReadableStream<Uint8Array>, parts: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) parts.push(decoder.decode(chunk, { stream: true }));
}

/** A port of a loopback address that nobody listens on at this moment. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('There is no port.'));
        else resolve(address.port);
      });
    });
  });
}
