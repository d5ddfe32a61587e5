import { AppError } from '#base/core/errors.ts';
import { requestPath } from './request-facts.ts';

const MAX_LENGTH = 8000;

/**
 * Refuses addresses that no honest program writes (`bad_request`): very long ones, broken escapes
 * and escaped control characters in the path, which must never reach a header, a log or a file name
 * (T68, T81, T82, T84).
 */
export function refuseBrokenAddress(request: Request): void {
  if (request.url.length > MAX_LENGTH) {
    throw new AppError('bad_request', 'This address is too long.');
  }
  const path = requestPath(request);
  if (!path.includes('%')) return;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (!/[\u0000-\u001f\u007f]/.test(decodeURIComponent(path))) return;
  } catch {
    // Not even an escape: refused below.
  }
  throw new AppError('bad_request', 'This address is broken.');
}
