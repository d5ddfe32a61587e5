import { AppError } from '#base/core/errors.ts';

/**
 * The host that a signature says its key is on, before anything is checked: enough to refuse whom
 * policy refuses. Throws `unauthorized` for a request without a signature, or with one that names no key.
 */
export function readKeyHost(headers: Headers): string {
  const signature = headers.get('signature');
  if (signature === null) throw new AppError('unauthorized', 'The request must be signed.');
  const source = headers.get('signature-input') ?? signature;
  const keyId = /[;,\s]?keyid="([^"]{1,2048})"/i.exec(source)?.[1];
  if (keyId === undefined || !/^https?:\/\//i.test(keyId) || !URL.canParse(keyId)) {
    throw new AppError('unauthorized', 'The signature names no key that can be read.');
  }
  return new URL(keyId).host;
}
