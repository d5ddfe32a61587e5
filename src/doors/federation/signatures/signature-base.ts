import { type InnerList, type Item, serializeInnerList, serializeItem } from 'structured-headers';
import { badSignature } from './parsed-signature.ts';
import type { SignedRequest } from './signed-request.ts';

/**
 * The text that a signature of RFC 9421 stands under (§2.5): one line for each component, then the
 * parameters. Throws `unauthorized` for what it covers twice, what is not there, and for parameters
 * that change what a component means, since nobody here uses them.
 */
export function signatureBase(request: SignedRequest, input: InnerList): string {
  const lines = new Map<string, string>();
  for (const item of input[0]) {
    const name = serializeItem(item);
    if (lines.has(name)) throw badSignature('The signature covers something twice.');
    lines.set(name, `${name}: ${readComponent(request, item)}`);
  }
  return [...lines.values(), `"@signature-params": ${serializeInnerList(input)}`].join('\n');
}

function readComponent(request: SignedRequest, [name, parameters]: Item): string {
  if (typeof name !== 'string') throw notThere();
  const wanted = parameters.get('name');
  if (name === '@query-param' && parameters.size === 1 && typeof wanted === 'string') {
    return readQueryParameter(request.query, wanted);
  }
  if (parameters.size > 0)
    throw badSignature('The signature covers a component in a way unknown here.');
  if (name === 'host') return request.host;
  return name.startsWith('@') ? readDerived(request, name) : readField(request.headers, name);
}

function readDerived(request: SignedRequest, name: string): string {
  const { method, path, query, origin, host } = request;
  const search = query === '' ? '' : `?${query}`;
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return `${origin}${path}${search}`;
    case '@authority':
      return host;
    case '@scheme':
      return origin.slice(0, origin.indexOf(':'));
    case '@request-target':
      return `${path}${search}`;
    case '@path':
      return path;
    case '@query':
      return search === '' ? '?' : search;
    default:
      throw notThere();
  }
}

// §2.2.8: decoded as a form, encoded again in the one way.
function readQueryParameter(query: string, encoded: string): string {
  const found = new URLSearchParams(query).getAll(decode(encoded));
  const [value] = found;
  if (value === undefined || found.length > 1) throw notThere();
  return encodeURIComponent(value).replace(/[!'()*]/g, escapeMark);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notThere();
  }
}

function escapeMark(mark: string): string {
  return `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
}

function readField(headers: Headers, name: string): string {
  const value = /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ? headers.get(name) : null;
  if (value === null) throw notThere();
  return value.trim();
}

function notThere() {
  return badSignature('The signature covers something that is not there.');
}
