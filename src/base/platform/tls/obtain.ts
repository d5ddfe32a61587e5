import type { Authorization, Client } from 'acme-client';
import { AcmeError, readProblem } from './acme-error.ts';
import { askAcme } from './acme-transport.ts';

/** How an ACME server convinces itself that a name is ours (RFC 8555 §8.3, RFC 8737). */
export type ChallengeKind = 'http-01' | 'tls-alpn-01';

/** What is to be shown to the ACME server while it looks. */
export type Challenge = {
  kind: ChallengeKind;
  name: string;
  /** Where HTTP-01 looks, below `/.well-known/acme-challenge/`. */
  token: string;
  /** What HTTP-01 wants to read there. */
  answer: string;
  /** The certificate that TLS-ALPN-01 wants to see. */
  certificate: { chain: string; key: string } | null;
};

export type Order = {
  /** Address of the ACME directory. */
  directory: string;
  accountKey: string;
  names: readonly string[];
  kind: ChallengeKind;
  userAgent: string;
  /** Shows a challenge; gives the way to stop showing it. */
  show(challenge: Challenge): Promise<() => Promise<void> | void>;
  signal: AbortSignal;
};

// The authority looks from several places and takes its time.
const DEADLINE = 180_000;
const POLL = 1_000;

/** A key by which an ACME server will know us (P-256, PEM). */
export async function makeAccountKey(): Promise<string> {
  const { crypto } = await import('acme-client');
  return (await crypto.createPrivateEcdsaKey('P-256')).toString();
}

/**
 * Obtains a certificate: account, order, one challenge for each name, certificate with chain. Throws
 * `AcmeError`. Loads the library on first use; each answer is bounded in bytes and time, the whole in time.
 */
export async function obtainCertificate(order: Order): Promise<{ chain: string; key: string }> {
  const { Client, crypto } = await loadLibrary(order.userAgent);
  const client = new Client({
    directoryUrl: order.directory,
    accountKey: order.accountKey,
    backoffAttempts: 60,
    backoffMin: POLL,
    backoffMax: 3 * POLL,
  });
  const end = Date.now() + DEADLINE;
  try {
    await client.createAccount({ termsOfServiceAgreed: true, contact: [] });
    const identifiers = order.names.map((value) => ({ type: 'dns', value }));
    const placed = await client.createOrder({ identifiers });
    for (const authorization of await client.getAuthorizations(placed)) {
      if (authorization.status !== 'valid') await prove(client, order, authorization, end);
    }
    const [first = ''] = order.names;
    const ecKey = await crypto.createPrivateEcdsaKey('P-256');
    const [key, csr] = await crypto.createCsr(
      { commonName: first, altNames: [...order.names] },
      ecKey,
    );
    const ready = await client.finalizeOrder(placed, csr);
    return { chain: await client.getCertificate(ready), key: key.toString() };
  } catch (error) {
    throw asAcmeError(error);
  }
}

async function prove(
  client: Client,
  order: Order,
  authorization: Authorization,
  end: number,
): Promise<void> {
  const { kind, signal } = order;
  const challenge = authorization.challenges.find(({ type }) => type === kind);
  if (challenge === undefined) {
    throw new AcmeError('unsupportedChallenge', `${kind} is not offered for this name`);
  }
  const answer = await client.getChallengeKeyAuthorization(challenge);
  const hide = await order.show({
    kind,
    name: authorization.identifier.value,
    token: challenge.token,
    answer,
    certificate: kind === 'tls-alpn-01' ? await proofFor(authorization, answer) : null,
  });
  try {
    await client.completeChallenge(challenge);
    for (;;) {
      const now = await readAuthorization(client, authorization.url);
      if (now.status === 'valid') return;
      if (now.status !== 'pending') throw refusalIn(now);
      if (signal.aborted || Date.now() > end) {
        throw new AcmeError('timeout', 'it did not come to a result in time');
      }
      await Bun.sleep(POLL);
    }
  } finally {
    await hide();
  }
}

async function proofFor(
  authorization: Authorization,
  answer: string,
): Promise<{ chain: string; key: string }> {
  const { crypto } = await import('acme-client');
  const [key, chain] = await crypto.createAlpnCertificate(authorization, answer);
  return { chain: chain.toString(), key: key.toString() };
}

async function readAuthorization(client: Client, url: string): Promise<Authorization> {
  const [found] = await client.getAuthorizations({
    authorizations: [url],
    finalize: '',
    status: 'pending',
    identifiers: [],
    url,
  });
  if (found === undefined) throw new AcmeError('unknown', 'an authorization is gone');
  return found;
}

function refusalIn({ challenges, status }: Authorization): AcmeError {
  const error = challenges.map((each) => each.error).find((each) => each !== undefined);
  return readProblem(error ?? { detail: `the name is ${status}` }, null, 0);
}

/** Its HTTP library is left out: what it sends goes through `askAcme`. */
async function loadLibrary(userAgent: string): Promise<typeof import('acme-client')> {
  const library = await import('acme-client');
  library.axios.defaults.adapter = async (config) => {
    const asked = config.headers.toJSON();
    const headers = Object.entries(asked).map(([name, value]): [string, string] => [
      name,
      name.toLowerCase() === 'user-agent' ? userAgent : String(value),
    ]);
    const answer = await askAcme({
      url: config.url ?? '',
      method: (config.method ?? 'get').toUpperCase(),
      headers,
      body: typeof config.data === 'string' ? config.data : '',
    });
    return { ...answer, statusText: '', config };
  };
  return library;
}

function asAcmeError(error: unknown): AcmeError {
  if (error instanceof AcmeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = error instanceof Error ? error.message : String(error);
  const type = code === '' ? 'unknown' : 'unreachable';
  return new AcmeError(type, detail.replaceAll(/\s+/g, ' ').slice(0, 400), { cause: error });
}
