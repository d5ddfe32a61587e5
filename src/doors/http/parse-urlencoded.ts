import { AppError } from '#base/core/errors.ts';

const MAX_PAIRS = 1000;

/** Reads `a=1&b=2` of a query or a form into pairs; broken escapes stay as they are. */
export function parseUrlencoded(text: string): [string, string][] {
  if (text === '') return [];
  const parts = text.split('&', MAX_PAIRS + 1);
  if (parts.length > MAX_PAIRS) {
    throw new AppError('bad_request', 'The form has too many fields.');
  }
  const pairs: [string, string][] = [];
  for (const part of parts) {
    if (part === '') continue;
    const at = part.indexOf('=');
    if (at === -1) pairs.push([decode(part), '']);
    else pairs.push([decode(part.slice(0, at)), decode(part.slice(at + 1))]);
  }
  return pairs;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
