import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { AppError } from '#base/core/errors.ts';
import { readHello } from './client-hello.ts';

/** Where an ordinary connection is led while somebody proves a name on its port. */
export type Inner = {
  /** Of 127.0.0.1. */
  port: number;
  /** From which address the one who comes from this port of 127.0.0.1 really comes. */
  remember(fromPort: number, address: string): () => void;
};

const PATIENCE = 5_000;

/**
 * Proves a name by TLS-ALPN-01 (RFC 8737) on the port of https. `Bun.serve` cannot choose a certificate
 * by protocol, so for these seconds a plain listener stands there, reads the first greeting, and leads
 * the authority to the proof and everybody else to `inner`; without one (before the first certificate)
 * they are closed. Answers the way to end it; connections that were led on live until they end.
 */
export async function openProof(
  at: { host: string; port: number },
  certificate: { chain: string; key: string },
  inner: Inner | null,
): Promise<() => void> {
  const proof = createTlsServer(
    { cert: certificate.chain, key: certificate.key, ALPNProtocols: ['acme-tls/1'] },
    // The handshake is all there is to see.
    (socket) => socket.end(),
  );
  const proofPort = await open(proof, { host: '127.0.0.1', port: 0 });
  const front = createServer((socket) => greet(socket, proofPort, inner));
  try {
    await open(front, { ...at, reusePort: true });
  } catch (error) {
    proof.close();
    throw error;
  }
  return () => {
    front.close();
    proof.close();
  };
}

function greet(socket: Socket, proofPort: number, inner: Inner | null): void {
  let heard = Buffer.alloc(0);
  const impatient = setTimeout(() => socket.destroy(), PATIENCE);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => clearTimeout(impatient));
  const listen = (part: Buffer) => {
    heard = Buffer.concat([heard, part]);
    const wish = readHello(heard);
    if (wish === 'more') return;
    socket.off('data', listen);
    socket.pause();
    clearTimeout(impatient);
    if (wish === 'proof') lead(socket, heard, proofPort, null);
    else if (inner === null) socket.destroy();
    else lead(socket, heard, inner.port, inner);
  };
  socket.on('data', listen);
}

function lead(socket: Socket, heard: Buffer, port: number, inner: Inner | null): void {
  const address = socket.remoteAddress ?? '';
  const other = connect(port, '127.0.0.1', () => {
    const forget = inner?.remember(other.localPort ?? 0, address);
    other.once('close', () => forget?.());
    other.write(heard);
    socket.pipe(other);
    other.pipe(socket);
  });
  other.on('error', () => socket.destroy());
  other.once('close', () => socket.destroy());
  socket.once('close', () => other.destroy());
}

function open(
  server: Server,
  at: { host: string; port: number; reusePort?: boolean },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new AppError('unavailable', 'There is no port.'));
      } else resolve(address.port);
    });
  });
}
