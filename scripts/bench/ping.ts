import { readFileSync } from 'node:fs';

/**
 * Asks one address again and again on one connection and, when stdin ends, prints the longest waits
 * for an answer in milliseconds as JSON: `raw`, and `held`, without the time in which the server or
 * this process waited for a processor that others had. A process of its own, so that nothing else
 * that the benchmark does makes it wait.
 */
const [pid = '', host = '', port = '', path = '/'] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
const waits: { raw: number; held: number }[] = [];
let asked = { at: 0, queued: 0 };

/** Milliseconds that both main threads have stood in the kernel's queue for a processor. */
function queued(): number {
  return [pid, String(process.pid)].reduce((sum, id) => {
    const [, waited = 0] = readFileSync(`/proc/${id}/task/${id}/schedstat`, 'utf8')
      .split(' ')
      .map(Number);
    return sum + waited / 1e6;
  }, 0);
}

function ask(connection: { write(text: string): unknown }): void {
  asked = { queued: queued(), at: performance.now() };
  connection.write(request);
}

function answered(): void {
  const raw = performance.now() - asked.at;
  waits.push({ raw, held: Math.max(0, raw - (queued() - asked.queued)) });
}

const socket = await Bun.connect({
  hostname: host,
  port: Number(port),
  socket: {
    data: (connection) => {
      answered();
      setTimeout(() => ask(connection), 1);
    },
  },
});
ask(socket);
for await (const _ of Bun.stdin.stream()) {
  // Until there is no more.
}
answered();
const longest = (kind: 'raw' | 'held'): number => Math.max(...waits.map((wait) => wait[kind]));
const summary = { raw: longest('raw'), held: longest('held'), pings: waits.length };
process.stdout.write(JSON.stringify(summary));
process.exit(0);
