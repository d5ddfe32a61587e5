import { matchesEtag } from './etag.ts';

/** A file for the browser, as `scripts/web.ts` writes it; `file`, `gzip` and `brotli` are paths. */
export type Asset = {
  file: string;
  /** Address with a hash in it: may be kept for ever. */
  url: string;
  mime: string;
  hash: string;
  bytes: number;
  gzip: string | null;
  brotli: string | null;
  imports: readonly string[];
};

/** Addresses that browsers and crawlers ask for by themselves, and the files that answer them. */
const WELL_KNOWN: Readonly<Record<string, readonly string[]>> = {
  '/favicon.ico': ['static/favicon.ico', 'static/icon.svg'],
  '/manifest.webmanifest': ['static/manifest.webmanifest'],
  // Apps know by this name that somebody has no picture, so it must not carry a hash.
  '/assets/missing.png': ['static/missing.png'],
  // At the root: a service worker sees to what lies below its own address.
  '/sw.js': ['static/sw.js'],
  '/apple-touch-icon.png': ['static/apple-touch-icon.png', 'static/icon.svg'],
};

const FOREVER = 'public, max-age=31536000, immutable';
const ONE_DAY = 'public, max-age=86400';

let table: Readonly<Record<string, Asset>> | null = null;
let byUrl = new Map<string, Asset>();

/** Every asset by its name; empty as long as nothing was built (unit tests need no build). */
function assets(): Readonly<Record<string, Asset>> {
  if (table !== null) return table;
  try {
    // Not `import`: the file is written by the build and need not be there.
    table = (require('#build/assets.ts') as { assets: Record<string, Asset> }).assets;
  } catch {
    table = {};
  }
  byUrl = new Map(Object.values(table).map((asset) => [asset.url, asset]));
  return table;
}

/** The address of an asset, e.g. of `islands/compose.js` or `styles/main.css`. */
export function assetUrl(name: string): string {
  return assets()[name]?.url ?? `/assets/${name}`;
}

/** An embedded file by its name under `web/`; null as long as nothing was built. */
export function findAsset(name: string): Pick<Asset, 'file' | 'bytes'> | null {
  return assets()[name] ?? null;
}

/** True for addresses that only embedded files have. */
export function isAssetPath(path: string): boolean {
  return path.startsWith('/assets/') || path in WELL_KNOWN;
}

/** Answers an embedded file past Elysia, kept for ever and packed if the browser likes; null if there is none. */
export function answerAsset(request: Request, path: string): Response | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  const known = assets();
  const named = WELL_KNOWN[path]?.map((name) => known[name]).find((asset) => asset !== undefined);
  const asset = named ?? byUrl.get(path);
  if (!asset) return null;
  const { path: file, encoding } = choose(asset, request.headers.get('accept-encoding') ?? '');
  const etag = `"${asset.hash}${encoding === null ? '' : `-${encoding}`}"`;
  const headers: Record<string, string> = {
    etag,
    'cache-control': named ? ONE_DAY : FOREVER,
    vary: 'Accept-Encoding',
  };
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers['content-type'] = asset.mime;
  if (encoding !== null) headers['content-encoding'] = encoding;
  const body = Bun.file(file);
  if (request.method === 'HEAD') headers['content-length'] = String(body.size);
  return new Response(request.method === 'HEAD' ? null : body, { headers });
}

function choose(asset: Asset, accepted: string): { path: string; encoding: string | null } {
  if (asset.brotli !== null && /\bbr\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(accepted)) {
    return { path: asset.brotli, encoding: 'br' };
  }
  if (asset.gzip !== null && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(accepted)) {
    return { path: asset.gzip, encoding: 'gzip' };
  }
  return { path: asset.file, encoding: null };
}

/** What crawlers may read: nothing of a closed instance. */
export function answerRobots(closed: boolean): Response {
  const rules = closed
    ? 'Disallow: /\n'
    : 'Disallow: /api/\nDisallow: /settings/\nDisallow: /admin/\nDisallow: /media/\nAllow: /\n';
  return new Response(`User-agent: *\n${rules}`, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    },
  });
}
