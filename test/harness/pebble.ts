import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianTool } from '#scripts/debian.ts';
import { freePort } from './binary.ts';
import { makeAuthority, makeLeaf } from './openssl.ts';

/** Debian's `pebble`, an ACME server for tests, and `pebble-challtestsrv`, which is all of DNS to it. */
export type Pebble = {
  directory: string;
  /** Authority of pebble's own address, for `NODE_EXTRA_CA_CERTS`. */
  caFile: string;
  /** Requests whose log line has this in it. */
  count(what: string): number;
  /** From now on DNS knows no name. */
  forget(): Promise<void>;
  close(): Promise<void>;
};

/** Starts both; they look for HTTP-01 and TLS-ALPN-01 on these ports of 127.0.0.1 and issue for `seconds`. */
export async function startPebble(look: {
  httpPort: number;
  tlsPort: number;
  seconds: number;
}): Promise<Pebble> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-pebble-'));
  // The server that is tested is somebody else.
  chmodSync(folder, 0o755);
  await makeAuthority(folder);
  await makeLeaf(folder, 'pebble', ['IP:127.0.0.1']);
  const [port, management, dns, dnsManagement] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: join(folder, 'pebble.pem'),
    privateKey: join(folder, 'pebble.key'),
    httpPort: look.httpPort,
    tlsPort: look.tlsPort,
    certificateValidityPeriod: look.seconds,
  };
  await Bun.write(join(folder, 'config.json'), JSON.stringify({ pebble: config }));
  const log: string[] = [];
  const resolver = start(log, [
    ...[tool('pebble-challtestsrv'), '-http01', '', '-https01', '', '-tlsalpn01', ''],
    ...['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`],
    ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', ''],
  ]);
  const server = start(log, [
    ...[tool('pebble'), '-config', join(folder, 'config.json')],
    ...['-dnsserver', `127.0.0.1:${dns}`],
  ]);
  const tell = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${dnsManagement}/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`pebble-challtestsrv answered ${answer.status}.`);
  };
  const directory = `https://127.0.0.1:${port}/dir`;
  await untilReady(directory, log);
  return {
    directory,
    caFile: join(folder, 'ca.pem'),
    count: (what) =>
      log
        .join('')
        .split('\n')
        .filter((line) => line.includes(what)).length,
    forget: () => tell('set-default-ipv4', { ip: '' }),
    close: async () => {
      for (const child of [server, resolver]) child.kill();
      await Promise.all([server.exited, resolver.exited]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tool(name: string): string {
  const path = debianTool(`usr/bin/${name}`);
  if (path !== null) return path;
  throw new Error(`Debian's pebble is needed: "bun run test" unpacks it.`);
}

function start(log: string[], command: string[]) {
  // At once instead of after some random seconds, and a fifth of the nonces is refused.
  const env = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '20' };
  const child = Bun.spawn(command, { env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  for (const stream of [child.stdout, child.stderr]) {
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream) log.push(decoder.decode(chunk, { stream: true }));
    })();
  }
  return child;
}

async function untilReady(url: string, log: string[]): Promise<void> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    const answer = await fetch(url, { tls: { rejectUnauthorized: false } }).catch(() => null);
    if (answer?.ok === true) return;
    await Bun.sleep(20);
  }
  throw new Error(`pebble did not start:\n${log.join('')}`);
}
