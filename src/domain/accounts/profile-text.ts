const MAX_WEBSITE = 200;

/** One line: control characters and those that turn the direction of text would let a name draw over its neighbours. */
export function cleanLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Several lines, at most one empty between two. */
export function cleanLines(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** An http(s) address as typed, `https://` added where only a host was typed; null for anything else. */
export function cleanWebsite(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return '';
  const full = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
  if (full.length > MAX_WEBSITE || !URL.canParse(full)) return null;
  const url = new URL(full);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  const plain = url.username === '' && url.password === '';
  return web && plain && url.hostname.includes('.') ? url.href : null;
}
