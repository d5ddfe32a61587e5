import { createPrivateKey, X509Certificate } from 'node:crypto';
import { AppError } from '#base/core/errors.ts';

/** A certificate with its chain and key, as a server takes them, and what it says. Times in milliseconds since 1970. */
export type Certificate = {
  /** PEM, the server's own certificate first. */
  readonly chain: string;
  readonly key: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  /** Tells two certificates apart. */
  readonly fingerprint: string;
};

const FIRST = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/;

/** Reads a chain and its key (PEM); throws `invalid` if one of them is no such thing or they do not belong together. */
export function readCertificate(chain: string, key: string): Certificate {
  const own = FIRST.exec(chain)?.[0];
  if (own === undefined) throw new AppError('invalid', 'There is no certificate (PEM) in it.');
  const parsed = parse(own);
  if (!parsed.checkPrivateKey(parseKey(key))) {
    throw new AppError('invalid', 'The key belongs to another certificate.');
  }
  return {
    chain,
    key,
    names: namesOf(parsed),
    notBefore: Date.parse(parsed.validFrom),
    notAfter: Date.parse(parsed.validTo),
    fingerprint: parsed.fingerprint256,
  };
}

/** Whether a certificate is for a name; `*.example.org` is for what has one label in front. */
export function isFor(certificate: Pick<Certificate, 'names'>, name: string): boolean {
  const parent = name.slice(name.indexOf('.') + 1);
  return certificate.names.some((each) => each === name || each === `*.${parent}`);
}

/**
 * When a certificate is to be renewed: with a third of its time left, and up to a thirtieth of it
 * earlier, by its fingerprint, so that those who started on one day do not all come back on one.
 */
export function dueAt({ notBefore, notAfter, fingerprint }: Certificate): number {
  const life = notAfter - notBefore;
  const spread = Number.parseInt(fingerprint.replaceAll(':', '').slice(0, 8), 16) / 0xffffffff;
  return Math.round(notAfter - life / 3 - (spread * life) / 30);
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new AppError('invalid', 'The certificate cannot be read.', { cause: error });
  }
}

function parseKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new AppError(
      'invalid',
      'The key cannot be read: it must be PEM and without a passphrase.',
      {
        cause: error,
      },
    );
  }
}

function namesOf(certificate: X509Certificate): string[] {
  const said = certificate.subjectAltName ?? '';
  return [...said.matchAll(/DNS:([^,\s]+)/g)].map((match) => (match[1] ?? '').toLowerCase());
}
