/**
 * Asks one address again and again on one connection and, when stdin ends, prints the longest wait
 * for an answer and the 99.9th percentile in milliseconds as JSON. A process of its own, so that
 * nothing else that the benchmark does makes it wait.
 */
const [host = '', port = '', path = '/'] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
const waits: number[] = [];
let asked = performance.now();

const socket = await Bun.connect({
  hostname: host,
  port: Number(port),
  socket: {
    data: (connection) => {
      waits.push(performance.now() - asked);
      setTimeout(() => {
        asked = performance.now();
        connection.write(request);
      }, 1);
    },
  },
});
asked = performance.now();
socket.write(request);
for await (const _ of Bun.stdin.stream()) {
  // Until there is no more.
}
waits.push(performance.now() - asked);
waits.sort((one, other) => one - other);
const longest = waits.at(-1);
const usual = waits[Math.floor(waits.length * 0.999)];
process.stdout.write(JSON.stringify({ longest, usual, pings: waits.length }));
process.exit(0);
