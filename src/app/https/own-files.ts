import { readFileSync, statSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import type { Log } from '#base/platform/log.ts';
import { type Certificate, isFor, readCertificate } from '#base/platform/tls/certificate.ts';

const LOOK_EVERY = 5_000;

type Paths = { readonly certificate: string; readonly key: string };

/** Reads a certificate of one's own and its key; throws `invalid` with what is wrong about them. */
export function readOwnFiles(paths: Paths): Certificate {
  return readCertificate(read(paths.certificate), read(paths.key));
}

/**
 * Looks at the files again and again, since what renews them may rename, link or rewrite them, and
 * hands on what changed. Files that do not fit (one was written and the other not yet) are left for
 * the next look; what was there before stays in use. Answers the way to stop looking.
 */
export function watchOwnFiles(
  paths: Paths,
  names: readonly string[],
  log: Log,
  use: (certificate: Certificate) => void,
  lookEvery = LOOK_EVERY,
): () => void {
  let seen = signature(paths);
  let said = '';
  const look = () => {
    const now = signature(paths);
    if (now === seen) return;
    try {
      const certificate = readOwnFiles(paths);
      warnOfNames(certificate, names, log);
      use(certificate);
      seen = now;
      log.info('The certificate was read anew.', {
        until: new Date(certificate.notAfter).toISOString(),
      });
    } catch (error) {
      if (said !== now) log.error('The new certificate cannot be used yet.', { error });
      said = now;
    }
  };
  const timer = setInterval(look, lookEvery);
  timer.unref();
  return () => clearInterval(timer);
}

/** Says so in the log when a certificate of one's own is for other names than those that are served. */
export function warnOfNames(certificate: Certificate, names: readonly string[], log: Log): void {
  const missing = names.filter((name) => !isFor(certificate, name));
  if (missing.length === 0) return;
  log.warn('The certificate is for other names; browsers will refuse it.', {
    served: missing.join(', '),
    certificate: certificate.names.join(', '),
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new AppError('invalid', `${path} of https.files cannot be read (${code}).`, {
      cause: error,
    });
  }
}

function signature({ certificate, key }: Paths): string {
  return [certificate, key]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? 'none' : `${found.ino}:${found.size}:${found.mtimeMs}`;
    })
    .join(' ');
}
