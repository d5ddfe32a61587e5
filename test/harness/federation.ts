import type { App } from '#app/app.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts';

/** A whole server that others reach over a real socket; its work is done when a test says so. */
export type FederatedApp = TestApp & {
  readonly app: App;
  /** `127.0.0.2:41234`: what stands behind the @ of its people. */
  readonly host: string;
  readonly origin: string;
};

type Handle = (request: Request, peer: { address: string }) => Promise<Response>;

/**
 * Opens a server on its own loopback address with a free port, over plain http, that may speak with
 * everybody on loopback. Jobs, inbox and deliveries run in `settleAll` alone.
 */
export async function createFederatedApp(
  options: TestAppOptions & { address?: string } = {},
): Promise<FederatedApp> {
  const { address = '127.0.0.1', config, ...rest } = options;
  let handle: Handle = async () => new Response(null, { status: 503 });
  const server = Bun.serve({
    hostname: address,
    port: 0,
    development: false,
    reusePort: false,
    fetch: (request, self) =>
      handle(request, { address: self.requestIP(request)?.address ?? '127.0.0.1' }),
  });
  const host = `${address}:${server.port}`;
  const origin = `http://${host}`;
  const world = await createTestApp({
    ...rest,
    config: { origin, allowAddresses: ['127.0.0.0/8'], ...config },
  });
  const dress = (test: TestApp): FederatedApp => {
    handle = (request, peer) => test.app.handle(request, peer);
    return {
      ...test,
      host,
      origin,
      reopen: async () => dress(await test.reopen()),
      close: async () => {
        await server.stop(true);
        await test.close();
      },
    };
  };
  return dress(world);
}

/** Works off jobs, inboxes and deliveries of all servers until nobody has anything left to do. */
export async function settleAll(...apps: readonly TestApp[]): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    let done = 0;
    for (const { app } of apps) done += await app.settle();
    if (done === 0) return;
  }
  throw new Error('The servers have not come to rest after 50 rounds.');
}

/** A listener on an address that nobody may reach; `connections` must stay 0. */
export function openCanary(): { origin: string; connections(): number; close(): void } {
  let connections = 0;
  const server = Bun.listen({
    hostname: '127.0.0.99',
    port: 0,
    socket: {
      open: (socket) => {
        connections += 1;
        socket.end();
      },
      data: () => {},
    },
  });
  return {
    origin: `http://127.0.0.99:${server.port}`,
    connections: () => connections,
    close: () => server.stop(true),
  };
}
