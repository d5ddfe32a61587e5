/** Reads a public address with http or https and nothing behind the host; gives it without a slash. */
export function parseOrigin(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return plain && url.password === '' ? url.origin : null;
}
