import { AppError } from '#base/core/errors.ts';
import { badSignature, MAX_HEADER, type ParsedSignature } from './parsed-signature.ts';
import type { SignedRequest } from './signed-request.ts';
import { demandRecent, demandUnexpired, readDate } from './time-window.ts';

const PARAMETER = /\s*([A-Za-z]+)=(?:"([^"\\]*)"|(\d{1,15}))\s*(?:,|$)/y;
const MOST_HEADERS = 30;

/**
 * Reads a signature after draft-cavage-http-signatures-12, which most servers speak. It has to cover
 * the request target, the host, a recent date (or `created`) and, with a body, the digest (T14, T17).
 * Throws `unauthorized`, or `bad_request` where headers are doubled (T20).
 */
export function readCavage(
  request: SignedRequest,
  hasBody: boolean,
  now: number,
): ParsedSignature & { covered: 'digest' | 'content-digest' } {
  const header = request.headers.get('signature') ?? '';
  const parameters = readParameters(header);
  const [keyId, signature] = [parameters.get('keyid'), parameters.get('signature')];
  if (!keyId || !signature) throw badSignature('The Signature header cannot be read.');
  const names = (parameters.get('headers') ?? 'date').toLowerCase().split(' ');
  demandHeaders(names, hasBody);
  demandTime(request, names, parameters, now);
  const lines = (target: string) =>
    names.map((name) => `${name}: ${readLine(request, name, target, parameters)}`).join('\n');
  const target = `${request.method.toLowerCase()} ${request.path}`;
  // Some servers leave the query out (Pixelfed, old Mastodon).
  const targets = request.query === '' ? [target] : [`${target}?${request.query}`, target];
  return {
    keyId,
    algorithm: parameters.get('algorithm') ?? null,
    signature: Buffer.from(signature, 'base64'),
    bases: targets.map(lines),
    covered: names.includes('digest') ? 'digest' : 'content-digest',
  };
}

function readParameters(header: string): Map<string, string> {
  if (header.length > MAX_HEADER) throw badSignature('The Signature header is too long.');
  const found = new Map<string, string>();
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < header.length) {
    const match = PARAMETER.exec(header);
    if (match === null) throw badSignature('The Signature header cannot be read.');
    const name = (match[1] ?? '').toLowerCase();
    if (found.has(name)) throw new AppError('bad_request', 'There are two signatures.');
    found.set(name, match[2] ?? match[3] ?? '');
  }
  return found;
}

function demandHeaders(names: readonly string[], hasBody: boolean): void {
  if (names.length > MOST_HEADERS || new Set(names).size !== names.length) {
    throw badSignature('The signature names its headers too often.');
  }
  const missing = ['(request-target)', 'host'].find((name) => !names.includes(name));
  if (missing !== undefined) throw badSignature(`The signature does not cover ${missing}.`);
  if (!names.includes('date') && !names.includes('(created)')) {
    throw badSignature('The signature does not cover the date.');
  }
  if (hasBody && !names.includes('digest') && !names.includes('content-digest')) {
    throw badSignature('The signature does not cover the digest of the body.');
  }
}

function demandTime(
  request: SignedRequest,
  names: readonly string[],
  parameters: ReadonlyMap<string, string>,
  now: number,
): void {
  if (names.includes('date')) demandRecent(readDate(request.headers.get('date')), now);
  if (names.includes('(created)')) demandRecent(Number(parameters.get('created')) * 1000, now);
  const expires = parameters.get('expires');
  if (expires !== undefined) demandUnexpired(Number(expires), now);
}

function readLine(
  request: SignedRequest,
  name: string,
  target: string,
  parameters: ReadonlyMap<string, string>,
): string {
  if (name === '(request-target)') return target;
  if (name === 'host') return request.host;
  const value =
    name === '(created)' || name === '(expires)'
      ? parameters.get(name.slice(1, -1))
      : readHeader(request.headers, name);
  if (value === undefined || value === null) {
    throw badSignature('The signature covers a header that is not there.');
  }
  return value;
}

function readHeader(headers: Headers, name: string): string | null {
  // `get` throws at what is no name of a header.
  return /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ? (headers.get(name)?.trim() ?? null) : null;
}
