import { join } from 'node:path';

const MAIN = join(import.meta.dir, '..', '..', 'src', 'main.ts');

/** How a verb ended. */
export type Ended = { code: number; stdout: string; stderr: string };

/** A server in a process of its own, run from the sources. */
export type SourceServer = {
  url: string;
  pid: number;
  output(): string;
  /** Sends a signal and gives the exit code. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number>;
};

/** Runs a verb from the sources with nothing in its environment but `env`. */
export async function runSourceVerb(
  argv: string[],
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = Bun.spawn([process.execPath, MAIN, ...argv], {
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
  return { code, stdout: stdout.trim(), stderr: stderr.trim() };
}

/** Starts `serve` on a free port of loopback and waits until it says that it is ready. */
export async function startSourceServer(
  data: string,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<SourceServer> {
  const child = Bun.spawn(
    [process.execPath, MAIN, 'serve', '--data', data, ...(options.args ?? ['--listen', '0'])],
    { env: options.env ?? {}, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  );
  let output = '';
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) output += decoder.decode(chunk, { stream: true });
  };
  void collect(child.stdout);
  void collect(child.stderr);
  const end = Date.now() + 20_000;
  while (!/is ready: \S+\n/.test(output)) {
    if (child.exitCode !== null || Date.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start:\n${output}`);
    }
    await Bun.sleep(10);
  }
  return {
    url: /is ready: (\S+)/.exec(output)?.[1] ?? '',
    pid: child.pid,
    output: () => output,
    end: async (signal) => {
      child.kill(signal);
      return await child.exited;
    },
  };
}
