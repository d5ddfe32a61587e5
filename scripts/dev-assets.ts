import { join } from 'node:path';
import { staticPlugin } from '@elysiajs/static';
import { plugin } from 'bun';
import { Elysia } from 'elysia';
import { root } from './process.ts';

// Loaded before the server by dev.ts. With an empty table of assets the pages name files without a
// hash; those are answered from disk, past the server, as they are at that moment.
plugin({
  name: 'no-table-of-assets',
  setup(build) {
    build.onLoad({ filter: /build\/assets\.ts$/ }, () => ({
      contents: 'export const assets = {};',
      loader: 'ts',
    }));
  },
});

const fromDisk = { alwaysStatic: false, maxAge: 0, indexHTML: false } as const;
const files = new Elysia()
  .use(staticPlugin({ ...fromDisk, assets: join(root, 'web/static'), prefix: '/assets/static' }))
  .use(staticPlugin({ ...fromDisk, assets: join(root, 'build/dev'), prefix: '/assets' }));

const serve = Bun.serve;
Bun.serve = ((options: { fetch: (request: Request, server: unknown) => unknown }) => {
  const { fetch } = options;
  const answer = (request: Request, server: unknown): unknown =>
    new URL(request.url).pathname.startsWith('/assets/')
      ? files.handle(request)
      : fetch(request, server);
  return serve({ ...options, fetch: answer } as Parameters<typeof serve>[0]);
}) as typeof serve;
