import { connect } from 'node:tls';
import { freePort, type Home, makeHome, type Running, startCommand } from './binary.ts';
import { type Pebble, startPebble } from './pebble.ts';

/** The executable that serves https by itself on free ports, with an authority that looks for it there. */
export type HttpsWorld = {
  home: Home;
  pebble: Pebble;
  httpPort: number;
  tlsPort: number;
  /** Starts the server, further flags behind; ready when plain http answers. */
  serve(...args: string[]): Promise<Running>;
  close(): Promise<void>;
};

export const NAME = 'photos.example.org';

/** Opens one. With `blind: 'http'` the authority looks for HTTP-01 on a port where nobody is. */
export async function createHttpsWorld(options: {
  seconds: number;
  blind?: 'http' | 'both';
}): Promise<HttpsWorld> {
  const home = makeHome();
  const [httpPort, tlsPort, nobody] = await Promise.all([freePort(), freePort(), freePort()]);
  const pebble = await startPebble({
    httpPort: options.blind === undefined ? httpPort : nobody,
    tlsPort: options.blind === 'both' ? nobody : tlsPort,
    seconds: options.seconds,
  });
  const running: Running[] = [];
  return {
    home,
    pebble,
    httpPort,
    tlsPort,
    serve: async (...args) => {
      const listen = `127.0.0.1:${tlsPort},127.0.0.1:${httpPort}`;
      const directory = args.includes('--https-directory')
        ? []
        : ['--https-directory', pebble.directory];
      const server = await startCommand(
        [
          ...[home.binary, 'serve', NAME, '--data', home.data, '--https-listen', listen],
          ...[...directory, ...args],
        ],
        {
          url: `http://127.0.0.1:${httpPort}`,
          cwd: home.program,
          env: { NODE_EXTRA_CA_CERTS: pebble.caFile },
        },
      );
      running.push(server);
      return server;
    },
    close: async () => {
      for (const server of running) await server.kill9();
      await pebble.close();
      home.remove();
    },
  };
}

/** The fingerprint of the certificate that a new connection gets, its names and its issuer; null if there is no https. */
export function seeCertificate(
  port: number,
): Promise<{ fingerprint: string; names: string; issuer: string } | null> {
  return new Promise((resolve) => {
    const socket = connect(
      { host: '127.0.0.1', port, servername: NAME, rejectUnauthorized: false },
      () => {
        const { fingerprint256, subjectaltname, issuer } = socket.getPeerCertificate();
        socket.destroy();
        resolve({
          fingerprint: fingerprint256,
          names: subjectaltname ?? '',
          issuer: String(issuer.CN),
        });
      },
    );
    socket.on('error', () => resolve(null));
  });
}

/** Waits until something is there; throws with the log when it is not in time. */
export async function until<T>(
  look: () => Promise<T | null> | T | null,
  seconds: number,
  log: () => string,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`Not in ${seconds} s:\n${log()}`);
    await Bun.sleep(50);
  }
}
