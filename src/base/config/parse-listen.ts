/** Reads `0.0.0.0:8080`, `[::1]:8080`, `:8080` (every address) or `8080` (loopback); null otherwise. Port 0: any free one. */
export function parseListen(text: string): { host: string; port: number } | null {
  const match = /^(?:(\[[0-9a-f:.]+\]|[^\s:[\]/]*):)?([0-9]{1,5})$/i.exec(text.trim());
  const port = Number(match?.[2] ?? Number.NaN);
  if (!match || !(port <= 65_535)) return null;
  const host = match[1] === undefined ? '127.0.0.1' : match[1].replace(/^\[|\]$/g, '');
  return { host: host === '' || host === '*' ? '0.0.0.0' : host, port };
}
