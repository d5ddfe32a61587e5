/** `sink.ts PORT FIRST LAST`: takes every POST on 127.0.0.FIRST to 127.0.0.LAST and tells a GET how many there were. */
const [port = '0', first = '2', last = '2'] = process.argv.slice(2);
let taken = 0;
for (let part = Number(first); part <= Number(last); part += 1) {
  Bun.serve({
    hostname: `127.0.0.${part}`,
    port: Number(port),
    reusePort: false,
    fetch: async (request) => {
      if (request.method !== 'POST') return new Response(String(taken));
      await request.arrayBuffer();
      taken += 1;
      return new Response(null, { status: 202 });
    },
  });
}
