import { isIP } from 'node:net';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|.*\.localhost)$/;
const realFetch = globalThis.fetch;
const realConnect = Bun.connect;

function refuse(host: string): void {
  if (loopback.test(host)) return;
  const kind = isIP(host) === 0 ? 'the host' : 'the address';
  throw new Error(`A test reached for ${kind} ${host}: tests talk to this machine only.`);
}

// Preloaded by bunfig.toml: no test needs the network, and none may use it unseen.
globalThis.fetch = Object.assign(
  async (...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    refuse(hostname);
    return await realFetch(input, init);
  },
  { preconnect: realFetch.preconnect },
);
Bun.connect = ((options: Parameters<typeof realConnect>[0]) => {
  if ('hostname' in options) refuse(String(options.hostname));
  return realConnect(options);
}) as typeof realConnect;
