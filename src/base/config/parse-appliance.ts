import { parseListen } from './parse-listen.ts';

type Listen = NonNullable<ReturnType<typeof parseListen>>;

/** Reads `0.0.0.0:443, 0.0.0.0:80`: where https is served, and where plain http is sent on from. */
export function parseHttpsListen(text: string): { https: Listen; http: Listen } | null {
  const [https, http, more] = text.split(',').map((part) => parseListen(part.trim()));
  return https && http && more === undefined ? { https, http } : null;
}

/** Reads `/path/chain.pem, /path/key.pem`. */
export function parseCertificateFiles(text: string): { certificate: string; key: string } | null {
  const [certificate, key, more] = text.split(',').map((part) => part.trim());
  return certificate && key && more === undefined ? { certificate, key } : null;
}

/** Reads addresses with commas between them. */
export function parseAddresses(text: string): string[] | null {
  const all = text.split(',').map((part) => part.trim());
  return all.every((each) => /^https?:\/\/\S+$/.test(each) && URL.canParse(each)) ? all : null;
}

/** Reads `https://ACCESSKEY@store.example.org?region=eu-central-1`. */
export function parseStore(
  text: string,
): { endpoint: string; accessKey: string; region: string } | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const accessKey = decodeURIComponent(url.username);
  if (!/^https?:$/.test(url.protocol) || accessKey === '' || url.password !== '') return null;
  const path = url.pathname.replace(/\/+$/, '');
  return {
    endpoint: `${url.origin}${path}`,
    accessKey,
    region: url.searchParams.get('region') ?? 'auto',
  };
}

/** Reads `smtp://user:password@mail.example.org:587?from=photos@example.org`; `url` is without the sender. */
export function parseMail(text: string): { url: string; from: string } | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const from = url.searchParams.get('from') ?? '';
  if (!/^smtps?:$/.test(url.protocol) || url.hostname === '') return null;
  if (!/^[^\s@]+@[^\s@]+$/.test(from)) return null;
  url.searchParams.delete('from');
  return { url: url.href, from };
}

/** Reads where releases are announced (address or path), and a public key after a space. */
export function parseUpdateFrom(text: string): { url: string; key: string | null } | null {
  const [url, key, more] = text.trim().split(/\s+/);
  if (!url || more !== undefined) return null;
  return { url, key: key ?? null };
}
