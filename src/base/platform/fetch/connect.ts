import { isIP } from 'node:net';
import { FetchError } from '#base/platform/fetch.ts';
import type { Deadline } from './deadline.ts';

type Message = {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  ca?: string;
};

/** Addresses of one name that are tried; the deadline is over all of them. */
const TRIES = 3;
/** What is said before a byte went out: only then another address may be tried. */
const NOT_OPENED = /ConnectionRefused|FailedToOpenSocket|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/;

/**
 * Sends a request to one of the checked addresses of `url`, under the name that was asked for: Host
 * and certificate are those of the name, the connection is that of the address (T40). Bun keeps
 * connections by address and certificate name, so the next request to the same server reuses it.
 */
export async function connect(
  url: URL,
  addresses: readonly string[],
  deadline: Deadline,
  message: Message,
): Promise<Response> {
  let last: unknown;
  for (const address of addresses.slice(0, TRIES)) {
    try {
      return await send(url, address, deadline, message);
    } catch (cause) {
      deadline.throwIfOver(url.host);
      last = cause;
      if (!NOT_OPENED.test(codeOf(cause))) break;
    }
  }
  throw explain(url.host, last);
}

async function send(
  url: URL,
  address: string,
  { signal }: Deadline,
  { ca, ...message }: Message,
): Promise<Response> {
  const pinned = `${url.protocol}//${pinnedHost(url, address)}${url.pathname}${url.search}`;
  const isNamed = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0;
  return await fetch(pinned, {
    ...message,
    signal,
    redirect: 'manual',
    // Unpacked by us, with a limit.
    decompress: false,
    ...(url.protocol === 'https:'
      ? {
          tls: {
            rejectUnauthorized: true,
            ...(isNamed ? { serverName: url.hostname } : {}),
            ...(ca === undefined ? {} : { ca }),
          },
        }
      : {}),
  });
}

function pinnedHost(url: URL, address: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return url.port === '' ? host : `${host}:${url.port}`;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function explain(host: string, cause: unknown): FetchError {
  const code = codeOf(cause);
  const isCertificate = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH/.test(code);
  const isRefused = NOT_OPENED.test(code);
  const message = isCertificate
    ? `The certificate of ${host} is not good (${code}).`
    : isRefused
      ? `${host} takes no connections.`
      : `${host} broke the connection off.`;
  return new FetchError('unreachable', message, { cause });
}
