import { type Entrance, listen } from '#app/listen.ts';
import type { Certificate } from '#base/platform/tls/certificate.ts';
import type { Peer } from '#doors/http/server.ts';
import { openProof } from './proof-port.ts';

/** The port of https; what serves on it can be replaced by something with another certificate. */
export type TlsPort = Entrance & {
  /** From now on new connections get this certificate; those that are open live on with the old one. */
  use(certificate: Certificate): void;
  /** Shows this certificate to an authority that asks for a proof (TLS-ALPN-01), to nobody else; gives the way to end it. */
  prove(certificate: { chain: string; key: string }): Promise<() => void>;
};

type At = { host: string; port: number };
type Handle = (request: Request, peer: Peer) => Promise<Response>;
type Current = { server: Entrance; certificate: Certificate };

// A stream or a socket that never ends must not keep an old server for ever.
const LONGEST_FAREWELL = 24 * 3_600_000;

/**
 * `Bun.serve` keeps the certificate it began with. So the next one gets a server of its own on the same
 * port (SO_REUSEPORT), the old one stops listening and stays until its last connection is gone.
 */
export function createTlsPort(at: At, handle: Handle): TlsPort {
  let port = at.port;
  let current: Current | null = null;
  const leaving = new Set<Entrance>();
  const everyone = () => [...(current === null ? [] : [current.server]), ...leaving];

  const sayFarewell = (server: Entrance) => {
    leaving.add(server);
    const bound = setTimeout(() => void server.stop(true), LONGEST_FAREWELL);
    bound.unref();
    void server.stop(false).finally(() => {
      clearTimeout(bound);
      leaving.delete(server);
    });
  };
  const use = (certificate: Certificate) => {
    const server = listen({ host: at.host, port, tls: tlsOf(certificate), shared: true }, handle);
    port = server.port ?? port;
    const old = current;
    current = { server, certificate };
    if (old !== null) sayFarewell(old.server);
  };
  return {
    get port() {
      return port;
    },
    get pendingRequests() {
      return everyone().reduce((sum, server) => sum + server.pendingRequests, 0);
    },
    use,
    prove: async (proof) => {
      if (current === null) return await openProof({ host: at.host, port }, proof, null);
      const { certificate, server: public_ } = current;
      const inner = openInner(certificate, handle);
      const end = await openProof({ host: at.host, port }, proof, inner);
      current = { server: inner.server, certificate };
      sayFarewell(public_);
      return () => {
        // A certificate that came meanwhile has opened the port anew already.
        if (current?.server === inner.server) use(certificate);
        end();
      };
    },
    closeIdleConnections: () =>
      everyone().reduce((sum, server) => sum + server.closeIdleConnections(), 0),
    stop: async (now) => {
      await Promise.all(everyone().map((server) => server.stop(now)));
    },
  };
}

/** A server on loopback that knows the real addresses of those who are led to it. */
function openInner(certificate: Certificate, handle: Handle) {
  const addresses = new Map<number, string>();
  const server = listen(
    { host: '127.0.0.1', port: 0, tls: tlsOf(certificate) },
    (request, peer) => {
      const address = addresses.get(peer.port ?? 0);
      return handle(request, address === undefined ? peer : { ...peer, address });
    },
  );
  return {
    server,
    port: server.port ?? 0,
    remember: (fromPort: number, address: string) => {
      addresses.set(fromPort, address.startsWith('::ffff:') ? address.slice(7) : address);
      return () => void addresses.delete(fromPort);
    },
  };
}

function tlsOf({ chain, key }: Certificate): { cert: string; key: string } {
  return { cert: chain, key };
}
