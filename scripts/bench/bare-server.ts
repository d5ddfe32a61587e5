/**
 * The bare servers that everything is held against: `bun bare-server.ts PORT json|html FILE` answers
 * one document from memory, `bun bare-server.ts PORT file FILE` hands out a file with `Bun.file`.
 */
const [port, kind = 'json', path = ''] = process.argv.slice(2);
const body = kind === 'file' ? '' : await Bun.file(path).text();
const type = { json: 'application/json; charset=utf-8', html: 'text/html; charset=utf-8' }[kind];

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(port),
  reusePort: false,
  fetch: () =>
    type === undefined
      ? new Response(Bun.file(path))
      : new Response(body, { headers: { 'content-type': type } }),
});
