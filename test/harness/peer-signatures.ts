import { createHash, type KeyObject, sign } from 'node:crypto';

/** Everything that a test can do wrong with a signature; what is left out is right. */
export type Deviation = {
  /** Another date header than now. */
  date?: string;
  /** Another host than that of the address, in the signature alone. */
  host?: string;
  /** Names of the signed headers (cavage) or components (RFC 9421). */
  covered?: string[];
  keyId?: string;
  /** Another `Digest` or `Content-Digest`; null: none. */
  digest?: string | null;
  algorithm?: string;
  /** A body that differs from the signed one. */
  sentBody?: string;
  contentType?: string;
  /** Path (and query) that is signed instead of the real one. */
  target?: string;
  /** Parameters of RFC 9421 that replace the right ones; null takes one out. */
  parameters?: Record<string, string | number | null>;
  /** Signs with this key instead. */
  privateKey?: KeyObject;
  /** Headers that are added or replaced after signing. */
  headers?: Record<string, string>;
};

type Signing = {
  method: string;
  url: string;
  body: string | null;
  keyId: string;
  privateKey: KeyObject;
  tamper: Deviation;
};

/** Signs as draft-cavage-http-signatures-12 says; written apart from the server's own code. */
export function signCavage(how: Signing): Record<string, string> {
  const { method, body, tamper } = how;
  const url = new URL(how.url);
  const date = tamper.date ?? new Date().toUTCString();
  const digest = body === null ? null : sha256(body, 'SHA-256=');
  const sent = tamper.digest === undefined ? digest : tamper.digest;
  const plain = body === null ? ['accept'] : ['digest', 'content-type'];
  const covered = tamper.covered ?? ['(request-target)', 'host', 'date', ...plain];
  const values: Record<string, string> = {
    '(request-target)': `${method.toLowerCase()} ${tamper.target ?? url.pathname + url.search}`,
    host: tamper.host ?? url.host,
    date,
    digest: sent ?? '',
    accept: 'application/activity+json',
    'content-type': tamper.contentType ?? 'application/activity+json',
  };
  const text = covered.map((name) => `${name}: ${values[name] ?? ''}`).join('\n');
  const key = tamper.privateKey ?? how.privateKey;
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  const algorithm = tamper.algorithm ?? 'rsa-sha256';
  return {
    date,
    ...(sent === null ? {} : { digest: sent }),
    signature: `keyId="${tamper.keyId ?? how.keyId}",algorithm="${algorithm}",headers="${covered.join(' ')}",signature="${signature}"`,
    ...tamper.headers,
  };
}

/** Signs as RFC 9421 says, with `rsa-v1_5-sha256`; written apart from the server's own code. */
export function signMessage(how: Signing): Record<string, string> {
  const { method, body, tamper } = how;
  const url = new URL(how.url);
  const digest = body === null ? null : `${sha256(body, 'sha-256=:')}:`;
  const sent = tamper.digest === undefined ? digest : tamper.digest;
  const covered = tamper.covered ?? [
    '@method',
    '@target-uri',
    ...(body === null ? [] : ['content-digest']),
  ];
  const values: Record<string, string> = {
    '@method': method,
    '@target-uri': tamper.target ?? how.url,
    '@authority': tamper.host ?? url.host,
    '@path': url.pathname,
    '@query': url.search === '' ? '?' : url.search,
    'content-digest': sent ?? '',
    date: tamper.date ?? new Date().toUTCString(),
    'content-type': tamper.contentType ?? 'application/activity+json',
  };
  const parameters: Record<string, string | number | null> = {
    created: Math.floor(Date.now() / 1000),
    keyid: tamper.keyId ?? how.keyId,
    alg: tamper.algorithm ?? 'rsa-v1_5-sha256',
    ...tamper.parameters,
  };
  const written = Object.entries(parameters)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `;${name}=${typeof value === 'number' ? value : `"${value}"`}`)
    .join('');
  const input = `(${covered.map((name) => `"${name}"`).join(' ')})${written}`;
  const lines = covered.map((name) => `"${name}": ${values[name] ?? ''}`);
  const base = [...lines, `"@signature-params": ${input}`].join('\n');
  const key = tamper.privateKey ?? how.privateKey;
  const signature = sign('sha256', Buffer.from(base), key).toString('base64');
  return {
    date: values.date ?? '',
    ...(sent === null ? {} : { 'content-digest': sent }),
    'signature-input': `sig1=${input}`,
    signature: `sig1=:${signature}:`,
    ...tamper.headers,
  };
}

function sha256(body: string, before: string): string {
  return `${before}${createHash('sha256').update(body).digest('base64')}`;
}
