import { connect, type Socket } from 'node:net';

/** Opens a bare TCP connection, for bytes that no HTTP client would send. */
export function openSocket(port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: '127.0.0.1', port }, () => resolve(socket));
  socket.on('error', reject);
  return promise;
}

/** Sends bytes and gives back all that comes until the other side ends or `waitMs` are over. */
export async function exchange(port: number, bytes: string, waitMs = 400): Promise<string> {
  const socket = await openSocket(port);
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  socket.write(bytes, 'latin1');
  await Promise.race([closed, Bun.sleep(waitMs)]);
  socket.destroy();
  return Buffer.concat(chunks).toString('latin1');
}

/** The statuses of all answers in what came back. */
export function statusesOf(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
