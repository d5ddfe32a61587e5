import { hostname, networkInterfaces, userInfo } from 'node:os';
import type { Environment } from '#base/config/environment.ts';

/**
 * How to get from another device to a server without a public address, as lines to print; nothing
 * where a browser on the same screen is enough.
 */
export function describeReach(
  env: Environment,
  host: string,
  port: number,
  path: string,
): string[] {
  if (host === '0.0.0.0' || host === '::') {
    const addresses = lanAddresses(host).map((address) => `  http://${address}:${port}${path}`);
    return addresses.length === 0 ? [] : ['', 'From other devices in this network:', ...addresses];
  }
  const screen = env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  const isLoopback = host.startsWith('127.') || host === '::1' || host === 'localhost';
  if (!isLoopback || (screen && env.SSH_CONNECTION === undefined)) return [];
  return [
    '',
    'No screen on this machine? Either carry its port to yours and open the same address there:',
    `  ssh -L ${port}:localhost:${port} ${userName()}@${serverName(env)}`,
    'or let other devices in: start with',
    `  --listen 0.0.0.0:${port}`,
    ...lanAddresses('0.0.0.0').map((address) => `  and open http://${address}:${port}${path}`),
  ];
}

/** The addresses of this machine that others in its network can reach when it listens on `host`. */
function lanAddresses(host: string): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all
    .filter((each) => !each.internal && (each.family === 'IPv4' || host === '::'))
    .filter((each) => !each.address.startsWith('fe80'))
    .map((each) => (each.family === 'IPv6' ? `[${each.address}]` : each.address));
}

// What the person typed to get here works again.
function serverName(env: Environment): string {
  return env.SSH_CONNECTION?.split(' ')[2] ?? hostname();
}

function userName(): string {
  try {
    const { username } = userInfo();
    return username === 'unknown' ? 'USER' : username;
  } catch {
    // A container may run as a number without a name.
    return 'USER';
  }
}
