import { join } from 'node:path';
import { makeFolder, outputOf, startProcess } from './processes.ts';

export type BenchServer = {
  url: string;
  pid: number;
  stop(): Promise<void>;
};

/** The file that is measured. */
export const binary = process.env.TINTYPE_BINARY ?? join(import.meta.dir, '../../dist/tintype');

/** The password of `ann`, who owns every instance of the benchmark. */
export const password = 'correct horse battery';

let nextPort = 18_400 + (process.pid % 1000);

/** A data directory with an owner `ann` in it and an access token of hers. */
export async function makeData(): Promise<{ data: string; token: string }> {
  const data = makeFolder();
  const account = ['account', 'create', 'ann', '--owner', '--email', 'ann@example.org'];
  await verb([...account, '--password-stdin', '--data', data], password);
  const scopes = ['account', 'token', 'ann', '--scopes', 'read write'];
  const printed = await verb([...scopes, '--data', data]);
  const token = printed.trim().split(/\s+/).at(-1);
  if (token === undefined) throw new Error('No token was printed.');
  return { data, token };
}

function verb(args: string[], input = ''): Promise<string> {
  return outputOf([binary, ...args], { input, env: {} });
}

/** Starts the compiled file on existing data and answers when `/readyz` does, with the time that took. */
export async function startServer(
  data: string,
  more: readonly string[] = [],
): Promise<{ server: BenchServer; readyMs: number }> {
  const address = freeAddress();
  const url = `http://${address}`;
  const command = [binary, 'serve', '--data', data, '--listen', address, '--origin', url];
  return await start([...command, '--rates', 'off', ...more], url, '/readyz', {
    TINTYPE_LOG_LEVEL: 'warning',
  });
}

/** Starts `bare-server.ts` as a process of its own and waits until it answers. */
export async function startBare(
  kind: 'json' | 'html' | 'file',
  path: string,
): Promise<{ server: BenchServer; readyMs: number }> {
  const address = freeAddress();
  const script = join(import.meta.dir, 'bare-server.ts');
  const command = [process.execPath, script, address.split(':')[1] ?? '', kind, path];
  return await start(command, `http://${address}`, '/', {});
}

function freeAddress(): string {
  nextPort += 1;
  return `127.0.0.1:${nextPort}`;
}

async function start(
  command: string[],
  url: string,
  path: string,
  env: Record<string, string>,
): Promise<{ server: BenchServer; readyMs: number }> {
  const begun = performance.now();
  const child = startProcess(command, { env });
  for (;;) {
    const ready = await fetch(`${url}${path}`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    if (performance.now() - begun > 30_000) {
      throw new Error('The server was not ready within 30 s.');
    }
    await Bun.sleep(2);
  }
  const readyMs = performance.now() - begun;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await child.exited;
  };
  return { server: { url, pid: child.pid, stop }, readyMs };
}
