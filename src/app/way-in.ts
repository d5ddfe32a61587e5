import type { Context } from '#base/context.ts';
import type { CronEntry } from '#base/jobs/cron.ts';
import type { Peer } from '#doors/http/server.ts';
import { createHttps } from './https/create-https.ts';
import { type Entrance, listen } from './listen.ts';
import { tellOfProxies } from './tell-of-proxies.ts';

/** How people come in: plain http on one port (on loopback, or behind a proxy), or https by this server itself. */
export type WayIn = {
  /** Opens the port or ports; throws with what to do if one is not to be had. */
  open(handle: (request: Request, peer: Peer) => Promise<Response>): Promise<Entrance>;
  /** False while the first certificate is on its way. */
  isReady(): boolean;
  cron: readonly CronEntry[];
};

/** Chooses it by the settings. `address` becomes where plain http was opened, the true port included. */
export function createWayIn(ctx: Context, address: { host: string; port: number }): WayIn {
  if (ctx.config.https.names.length === 0) {
    return {
      open: async (handle) => {
        const server = listen(address, handle);
        address.port = server.port ?? address.port;
        return server;
      },
      isReady: () => true,
      cron: ctx.config.origin === null ? [] : [tellOfProxies],
    };
  }
  const https = createHttps(ctx);
  return {
    open: async (handle) => {
      const { entrance, plain } = await https.open(handle);
      Object.assign(address, plain);
      return entrance;
    },
    isReady: https.isReady,
    cron: https.cron,
  };
}
