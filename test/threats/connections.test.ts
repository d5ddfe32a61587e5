import { expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSocket } from '#test/http/raw.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

const root = join(import.meta.dir, '..', '..');

test('T123: two thousand connections do not keep others out, even where few files may be open', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tintype-sockets-'));
  const command = [process.execPath, join(root, 'src/main.ts'), 'serve', '--data', data];
  const child = Bun.spawn(
    ['/bin/sh', '-c', 'ulimit -n 1024; exec "$@"', 'sh', ...command, '--listen', '127.0.0.1:0'],
    { stdout: 'pipe', stderr: 'ignore', env: {} },
  );
  const sockets: Socket[] = [];
  try {
    const url = await readUrl(child.stdout);
    const port = Number(new URL(url).port);
    for (let n = 0; n < 2000; n += 1) {
      const socket = await Promise.race([openSocket(port), Bun.sleep(50)]);
      if (!socket) break;
      socket.on('error', () => undefined);
      socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
      sockets.push(socket);
    }
    expect(sockets.length).toBeGreaterThan(800);
    const started = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/livez`, {
      signal: AbortSignal.timeout(15_000),
    });
    expect(answer.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(10_000);
  } finally {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
    await child.exited;
    rmSync(data, { recursive: true, force: true });
  }
});

async function readUrl(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let said = '';
  const decoder = new TextDecoder();
  for await (const piece of stdout) {
    said += decoder.decode(piece, { stream: true });
    const url = /is ready: (http:\/\/\S+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The server ended: ${said}`);
}
