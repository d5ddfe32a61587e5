import { startProcess } from './processes.ts';
import type { BenchServer } from './server.ts';

/** The longest waits of a round, milliseconds; `held` is without waiting for a processor. */
export type Ping = { raw: number; held: number };

/** Starts to ask an address all the time from a process of its own; the answer ends that. */
export function startPing(server: BenchServer, path: string): () => Promise<Ping> {
  const { hostname, port } = new URL(server.url);
  const script = `${import.meta.dir}/ping.ts`;
  const command = [process.execPath, script, String(server.pid), hostname, port, path];
  const child = startProcess(command, { stdin: 'pipe', stdout: 'pipe' });
  return async () => {
    if (typeof child.stdin === 'object') await child.stdin.end();
    return await new Response(child.stdout as ReadableStream<Uint8Array>).json();
  };
}
