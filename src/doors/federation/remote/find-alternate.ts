import { isActivityType } from './activity-types.ts';

/** Bytes of a page that are looked at. */
const SCANNED = 64 * 1024;
const MOST_LINKS = 100;
const MOST_ATTRIBUTES = 20;

/**
 * The address of the ActivityPub document of a web page: `<link rel="alternate" type="application/
 * activity+json" href>` within its first 64 kB (T35). One pass without a regular expression that could
 * be made to run long; null if there is none.
 */
export function findAlternate(page: Uint8Array, base: string): string | null {
  const text = new TextDecoder().decode(page.subarray(0, SCANNED));
  const lower = text.toLowerCase();
  let at = 0;
  for (let count = 0; count < MOST_LINKS; count += 1) {
    at = lower.indexOf('<link', at);
    if (at < 0) return null;
    const tag = readTag(text, at + 5);
    const { rel = '', type = '', href } = tag.attributes;
    at = tag.end;
    if (href === undefined || !rel.toLowerCase().split(/\s/).includes('alternate')) continue;
    if (!isActivityType(decode(type))) continue;
    const url = URL.parse(decode(href), base);
    if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  }
  return null;
}

type Attributes = Partial<Record<string, string>>;

/** Reads attributes from behind the tag's name up to its `>`; every character once. */
function readTag(text: string, start: number): { attributes: Attributes; end: number } {
  const attributes: Attributes = Object.create(null);
  let at = start;
  for (let count = 0; count < MOST_ATTRIBUTES; count += 1) {
    at = skip(text, at, ' \t\n\r\f/');
    if (at >= text.length || text[at] === '>' || text[at] === '<') break;
    const nameEnd = until(text, at, ' \t\n\r\f/=><');
    const name = text.slice(at, nameEnd).toLowerCase();
    at = skip(text, nameEnd, ' \t\n\r\f');
    let value = '';
    if (text[at] === '=') {
      at = skip(text, at + 1, ' \t\n\r\f');
      const quote = text[at];
      const quoted = quote === '"' || quote === "'";
      const from = quoted ? at + 1 : at;
      const end = until(text, from, quoted ? quote : ' \t\n\r\f>');
      value = text.slice(from, end);
      at = quoted ? end + 1 : end;
    } else if (nameEnd === at && name === '') at += 1;
    attributes[name] ??= value;
  }
  return { attributes, end: Math.max(at, start) };
}

function skip(text: string, start: number, letters: string): number {
  let at = start;
  while (at < text.length && letters.includes(text.charAt(at))) at += 1;
  return at;
}

function until(text: string, start: number, letters: string): number {
  let at = start;
  while (at < text.length && !letters.includes(text.charAt(at))) at += 1;
  return at;
}

function decode(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
