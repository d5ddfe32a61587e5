/**
 * The bare servers that everything is held against: `bun bare-server.ts PORT json FILE` answers one
 * document from memory, `bun bare-server.ts PORT file FILE` hands out a file with `Bun.file`.
 */
const [port, kind, path = ''] = process.argv.slice(2);
const body = kind === 'json' ? await Bun.file(path).text() : '';

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(port),
  fetch: () =>
    kind === 'json'
      ? new Response(body, { headers: { 'content-type': 'application/json; charset=utf-8' } })
      : new Response(Bun.file(path)),
});
