import { type Entrance, listen } from '#app/listen.ts';
import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import type { CronEntry } from '#base/jobs/cron.ts';
import type { Certificate } from '#base/platform/tls/certificate.ts';
import type { Challenge } from '#base/platform/tls/obtain.ts';
import { createTlsStore } from '#base/platform/tls/store.ts';
import { originOf } from '#domain/origin.ts';
import type { Peer } from '#doors/http/server.ts';
import { createPlainAnswer } from './answer-plain.ts';
import { createKeeper, type Keeper } from './keep-certificate.ts';
import { otherNames } from './other-names.ts';
import { readOwnFiles, warnOfNames, watchOwnFiles } from './own-files.ts';
import { refuseNames } from './refuse-names.ts';
import { takePorts } from './take-ports.ts';
import { tellOfCertificate } from './tell-of-certificate.ts';
import { tend } from './tend.ts';
import { createTlsPort, type TlsPort } from './tls-port.ts';

type Handle = (request: Request, peer: Peer) => Promise<Response>;

/** https by this server itself: two ports, a certificate, and its care. */
export type Https = {
  /**
   * Opens both ports; a certificate that is missing is obtained meanwhile. Throws with what to do if a
   * port, a name or an own file is not to be had. `plain` is where health is asked.
   */
  open(handle: Handle): Promise<{ entrance: Entrance; plain: { host: string; port: number } }>;
  /** Whether there is a certificate, so that https answers. */
  isReady(): boolean;
  cron: readonly CronEntry[];
};

/** Makes ready what `config.https.names` asks for; nothing is opened before `open`. */
export function createHttps(ctx: Context): Https {
  const { config, log, now } = ctx;
  const { https } = config;
  const origin = originOf(config);
  const challenges = new Map<string, string>();
  const ending = new AbortController();
  let secure: TlsPort | null = null;
  let ready = false;

  const use = (certificate: Certificate) => {
    secure?.use(certificate);
    ready = true;
  };
  const show = async ({ certificate, token, answer }: Challenge) => {
    if (certificate !== null && secure !== null) return await secure.prove(certificate);
    challenges.set(token, answer);
    return () => void challenges.delete(token);
  };
  const tell = (problem: string | null, notAfter: number | null) =>
    tellOfCertificate(ctx, problem, notAfter);
  const keeper = createKeeper({
    ...{ config: https, store: createTlsStore(ctx.files.root), log, now, use, show, tell },
    ...{ userAgent: `Tintype/${buildInfo.version}`, signal: ending.signal },
  });
  return {
    open: async (handle) => {
      refuseNames(https);
      const own = https.files === null ? null : readOwnFiles(https.files);
      const at = await takePorts(https, origin);
      secure = createTlsPort(at.secure, otherNames(origin, https.names, handle));
      const isReady = () => ready;
      const answer = createPlainAnswer({ origin, challenges, isReady, health: handle });
      const plain = listen(at.plain, answer);
      const first = own ?? keeper.current();
      if (first !== null) use(first);
      if (https.files !== null) {
        if (own !== null) warnOfNames(own, https.names, log);
        const end = watchOwnFiles(https.files, https.names, log, use);
        ending.signal.addEventListener('abort', end);
      } else tend(keeper, ending.signal, log, now);
      const port = plain.port ?? at.plain.port;
      return { entrance: join(plain, secure, ending), plain: { host: at.plain.host, port } };
    },
    isReady: () => ready,
    cron: https.files === null ? [renewal(keeper, config.https.names.join())] : [],
  };
}

/** Both ports as one, for those who count and close connections. */
function join(plain: Entrance, secure: TlsPort, ending: AbortController): Entrance {
  return {
    port: plain.port,
    get pendingRequests() {
      return plain.pendingRequests + secure.pendingRequests;
    },
    closeIdleConnections: () => plain.closeIdleConnections() + secure.closeIdleConnections(),
    stop: async (atOnce) => {
      ending.abort();
      await Promise.all([plain.stop(atOnce), secure.stop(atOnce)]);
    },
  };
}

/** At a minute that follows from the names: not everybody comes at once. */
function renewal(keeper: Keeper, names: string): CronEntry {
  const minute = Number(Bun.hash.crc32(names)) % 60;
  return {
    name: 'https.renew',
    schedule: `${minute} */6 * * *`,
    help: 'renews the certificate when a third of its time is left',
    run: () => keeper.check(),
  };
}
