import { AppError } from '#base/core/errors.ts';
import { emptyInput, expandPairs, type Input } from './brackets.ts';
import { parseJson } from './parse-json.ts';
import { parseMultipart } from './parse-multipart.ts';
import { parseUrlencoded } from './parse-urlencoded.ts';
import { readBytes } from './read-bytes.ts';
import { requestQuery } from './request-facts.ts';

const MAX_BYTES = 1_000_000;

const bodies = new WeakMap<Request, Promise<Input>>();

/**
 * Reads all that a request says into one plain object without prototypes: query, then (stronger)
 * the body as JSON, form or the text fields of a multipart form. Once a request, so the CSRF check
 * and the route may both ask. Throws `bad_request`, `too_large` (over `maxBytes`, 1 MB by default)
 * or `unsupported_type`.
 */
export function readBody(request: Request, options: { maxBytes?: number } = {}): Promise<Input> {
  const known = bodies.get(request);
  if (known) return known;
  const body = read(request, options.maxBytes ?? MAX_BYTES);
  bodies.set(request, body);
  return body;
}

/** Reads the query alone, for routes that have no body. */
export function readQuery(request: Request): Input {
  const query = requestQuery(request);
  return query === '' ? emptyInput() : expandPairs(parseUrlencoded(query));
}

async function read(request: Request, maxBytes: number): Promise<Input> {
  const query = readQuery(request);
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return query;
  const bytes = await readBytes(request, maxBytes);
  if (bytes.byteLength === 0) return query;
  return Object.assign(query, await parse(bytes, request.headers.get('content-type') ?? ''));
}

async function parse(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Input> {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/x-www-form-urlencoded') {
    return expandPairs(parseUrlencoded(decodeText(bytes)));
  }
  if (type === 'multipart/form-data') {
    return expandPairs(await parseMultipart(bytes, contentType));
  }
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(decodeText(bytes));
  throw new AppError(
    'unsupported_type',
    'Send the body as JSON or as a form, and say which in Content-Type.',
  );
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
