import type { AcmeError } from './acme-error.ts';

/** What went wrong with a certificate, in words that say what to do next. */
export type AcmeTrouble = {
  sentence: string;
  /** Another authority would come to the same: the cause lies with us or with DNS. */
  ours: boolean;
  /** Another kind of challenge may help. */
  otherChallenge: boolean;
  /** How long this directory is left alone, in milliseconds; null: as long as everything is. */
  rest: number | null;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Words = (names: string, host: string, detail: string) => string;
type Case = { words: Words; ours?: true; other?: true; rest?: number };

const unreachable: Words = (names, host, detail) =>
  `${host} could not reach this server at ${names}. Ports 80 and 443 must be open from the internet and lead here: look at the firewall of the machine, at that of its provider, and at the port forwarding of a router; and DNS must give the address of this machine, in A and in AAAA records. (${detail})`;

const CASES: Readonly<Record<string, Case>> = {
  dns: {
    ours: true,
    words: (names, _host, detail) =>
      `${names} is not found in DNS. Add an A record (and AAAA, if the machine has IPv6) with the address of this machine where the domain is managed; it can take an hour until everybody sees it. (${detail})`,
  },
  connection: { ours: true, other: true, words: unreachable },
  tls: { ours: true, other: true, words: unreachable },
  timeout: { words: (_names, host, detail) => `${host} took too long: ${detail}.` },
  unauthorized: {
    ours: true,
    other: true,
    words: (names, host, detail) =>
      `${host} asked ${names} and somebody else answered: DNS leads to another machine, or another web server or proxy stands in front of this one. (${detail})`,
  },
  rateLimited: {
    rest: HOUR,
    words: (names, host, detail) =>
      `${host} gives no more certificates for ${names} for now; that ends by itself, and nothing helps but waiting. (${detail})`,
  },
  caa: {
    rest: HOUR,
    words: (names, host, detail) =>
      `The CAA record of ${names} in DNS does not allow ${host} to issue: add it there, or choose another with https.directory. (${detail})`,
  },
  rejectedIdentifier: {
    rest: HOUR,
    words: (names, host, detail) => `${host} issues nothing for ${names}. (${detail})`,
  },
  externalAccountRequired: {
    rest: 24 * HOUR,
    words: (_names, host) =>
      `${host} wants an account that was made elsewhere, which Tintype does not know how to use: choose another with https.directory.`,
  },
  unreachable: {
    rest: 2 * MINUTE,
    words: (_names, host, detail) =>
      `${host}, which issues certificates, does not answer (${detail}). Is this machine connected to the internet, and is its clock right?`,
  },
  serverInternal: {
    rest: 10 * MINUTE,
    words: (_names, host, detail) => `${host} has a problem of its own (${detail}).`,
  },
};

/** Puts into words what an ACME server or the way to it refused. */
export function explainAcme(
  error: AcmeError,
  order: { names: readonly string[]; directory: string },
  now: number,
): AcmeTrouble {
  const names = order.names.join(', ');
  const { host } = new URL(order.directory);
  const found = CASES[isUnknownName(error) ? 'dns' : error.type];
  const said = error.retryAt === null ? null : Math.max(0, error.retryAt - now);
  return {
    sentence:
      found?.words(names, host, error.message) ??
      `${host} gave no certificate for ${names}: ${error.message}.`,
    ours: found?.ours ?? false,
    otherChallenge: found?.other ?? error.type === 'unsupportedChallenge',
    rest: said === null ? (found?.rest ?? null) : Math.max(said, found?.rest ?? 0),
  };
}

/** Authorities call a name without an address a failed connection, too. */
function isUnknownName({ type, message }: AcmeError): boolean {
  return type === 'connection' && /could not resolve|no such host|NXDOMAIN|valid IP/i.test(message);
}
