import { type InnerList, isInnerList, parseDictionary } from 'structured-headers';
import { badSignature, MAX_HEADER, type ParsedSignature } from './parsed-signature.ts';
import { signatureBase } from './signature-base.ts';
import type { SignedRequest } from './signed-request.ts';
import { demandRecent, demandUnexpired } from './time-window.ts';

const ALGORITHMS = new Set(['rsa-v1_5-sha256', 'rsa-pss-sha512', 'ed25519']);
const MOST_COMPONENTS = 30;

/**
 * Reads a signature after RFC 9421: exactly one, made at a known recent time, that covers the method,
 * the whole address and, with a body, its `Content-Digest` (T15, T16). Throws `unauthorized`.
 */
export function readRfc9421(
  request: SignedRequest,
  hasBody: boolean,
  now: number,
): ParsedSignature & { covered: 'content-digest' } {
  const { input, signature } = readPair(request.headers);
  const [items, parameters] = input;
  const names = items.map(([name]) => String(name));
  demandComponents(names, request, hasBody);
  const [created, expires] = [parameters.get('created'), parameters.get('expires')];
  if (typeof created !== 'number')
    throw badSignature('The signature does not say when it is made.');
  demandRecent(created * 1000, now);
  if (expires !== undefined) demandUnexpired(Number(expires), now);
  const [keyId, algorithm = null] = [parameters.get('keyid'), parameters.get('alg')];
  if (typeof keyId !== 'string') throw badSignature('The signature names no key.');
  if (algorithm !== null && (typeof algorithm !== 'string' || !ALGORITHMS.has(algorithm))) {
    throw badSignature('The signature is of an unknown kind; use rsa-v1_5-sha256.');
  }
  const base = signatureBase(request, input);
  return { keyId, algorithm, signature, bases: [base], covered: 'content-digest' };
}

function readPair(headers: Headers): { input: InnerList; signature: Uint8Array } {
  const inputs = readDictionary(headers.get('signature-input'));
  const signatures = readDictionary(headers.get('signature'));
  const [label = ''] = inputs.keys();
  const [input, made] = [inputs.get(label), signatures.get(label)];
  if (inputs.size !== 1 || signatures.size !== 1 || input === undefined || made === undefined) {
    throw badSignature('There has to be exactly one signature.');
  }
  if (!isInnerList(input) || !(made[0] instanceof ArrayBuffer)) {
    throw badSignature('The Signature headers cannot be read.');
  }
  return { input, signature: new Uint8Array(made[0]) };
}

function readDictionary(header: string | null) {
  if (header === null || header.length > MAX_HEADER) {
    throw badSignature('The Signature headers are missing or too long.');
  }
  try {
    return parseDictionary(header);
  } catch {
    throw badSignature('The Signature headers cannot be read.');
  }
}

function demandComponents(
  names: readonly string[],
  request: SignedRequest,
  hasBody: boolean,
): void {
  const has = (name: string) => names.includes(name);
  if (names.length > MOST_COMPONENTS) throw badSignature('The signature covers too much.');
  if (!has('@method')) throw badSignature('The signature does not cover @method.');
  const target = has('@path') || has('@request-target');
  const query = request.query === '' || has('@query') || has('@request-target');
  if (!has('@target-uri') && !(has('@authority') && target && query)) {
    throw badSignature('The signature does not cover @target-uri.');
  }
  if (hasBody && !has('content-digest')) {
    throw badSignature('The signature does not cover content-digest.');
  }
}
