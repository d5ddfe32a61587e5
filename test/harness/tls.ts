import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

/** The name under which the server is known to apps that will speak with nothing but https. */
export const TLS_HOST = 'photos.test';

/** What apps need to reach a server as `https://photos.test`, without a line in /etc/hosts. */
export type TlsFront = {
  /** The authority's certificate, for `NODE_EXTRA_CA_CERTS`. */
  caFile: string;
  /** Where TLS is taken off, on 127.0.0.1. */
  port: number;
  /** A proxy that leads `photos.test:443` there and nobody anywhere else, for `HTTPS_PROXY`. */
  tunnel: string;
  close(): Promise<void>;
};

/** Stands in front of a plain server on `port` of 127.0.0.1: an authority of its own, TLS, and a tunnel to it. */
export async function openTlsFront(port: number): Promise<TlsFront> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-tls-'));
  await makeCertificates(folder);
  const [key, cert] = await Promise.all([
    Bun.file(join(folder, 'leaf.key')).text(),
    Bun.file(join(folder, 'leaf.pem')).text(),
  ]);
  const open = new Set<Socket>();
  const front = createTlsServer({ key, cert }, (socket) => splice(open, socket, port));
  const frontPort = await listen(front);
  const tunnel = createServer((socket) => lead(open, socket, frontPort));
  const tunnelPort = await listen(tunnel);
  return {
    caFile: join(folder, 'ca.pem'),
    port: frontPort,
    tunnel: `http://127.0.0.1:${tunnelPort}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all([front, tunnel].map((server) => end(server)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An authority and a certificate for `photos.test`, good for a day, by Debian's `openssl`. */
async function makeCertificates(folder: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const day = ['-days', '1'];
  const ca = ['-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
  await openssl(folder, ['req', '-x509', ...key, ...day, ...ca, ...out('ca')]);
  const name = ['-subj', `/CN=${TLS_HOST}`, '-addext', `subjectAltName=DNS:${TLS_HOST}`];
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  await openssl(folder, [
    'req',
    '-x509',
    ...key,
    ...day,
    ...name,
    ...leaf,
    ...issuer,
    ...out('leaf'),
  ]);
}

const out = (name: string): string[] => ['-keyout', `${name}.key`, '-out', `${name}.pem`];

async function openssl(cwd: string, args: string[]): Promise<void> {
  const child = Bun.spawn(['openssl', ...args], { cwd, stdout: 'ignore', stderr: 'pipe' });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`openssl ${args[0]}: ${said}`);
}

/** Passes bytes on in both directions; whoever ends first ends both. */
function splice(open: Set<Socket>, socket: Socket, port: number): Socket {
  const other = connect(port, '127.0.0.1');
  for (const [one, two] of [
    [socket, other],
    [other, socket],
  ] as const) {
    open.add(one);
    one.on('error', () => two.destroy());
    one.on('close', () => {
      open.delete(one);
      two.destroy();
    });
    one.pipe(two);
  }
  return other;
}

/** CONNECT (RFC 9110 §9.3.6) to our name alone: no test reaches anything else. */
function lead(open: Set<Socket>, socket: Socket, port: number): void {
  socket.once('error', () => socket.destroy());
  socket.once('data', (first) => {
    const [line = ''] = first.toString('latin1').split('\r\n');
    if (!line.startsWith(`CONNECT ${TLS_HOST}:443 `)) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    splice(open, socket, port);
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
