import { posix } from 'node:path';

/** Pages that a copy without a server can hold: the start, people, posts, photos, tags, words about the place. */
const PAGES = [
  /^\/$/,
  /^\/about$/,
  /^\/@[\w.-]+$/,
  /^\/@[\w.-]+\/[0-9]+$/,
  /^\/@[\w.-]+\/[0-9]+\/photo\/[0-9]+$/,
  /^\/tags\/[^/]+$/,
];
/** Files that pages show; their names are unguessable and never change. */
const FILES = [
  /^\/media\/[a-z2-7]{26}\.[a-z0-9]{2,5}$/,
  /^\/media\/[0-9]+\/download$/,
  /^\/assets\/[\w./-]+$/,
];
const FEED = /^\/@[\w.-]+\.atom$/;
/** Bytes of a name on any usual file system. */
const LONGEST_NAME = 255;
const OLDER = /^max_id=([0-9]+)$/;

export type SitePlace = {
  kind: 'page' | 'file' | 'feed';
  /** Address below the origin, with what is kept of its query. */
  address: string;
  /** Where it lies in the copy, with slashes; never leaves the folder. */
  file: string;
};

/**
 * Where an address of this server lies in a still copy; null if the copy does not hold it. Pages
 * become folders with an `index.html`, so that old links still lead to them; the way back to newer
 * posts leads to the first page.
 */
export function sitePlace(address: string, origin: string): SitePlace | null {
  const url = URL.canParse(address, origin) ? new URL(address, origin) : null;
  if (url === null || url.origin !== origin) return null;
  const path = decodePath(url.pathname);
  if (path === null) return null;
  if (FEED.test(path)) return { kind: 'feed', address: path, file: path.slice(1) };
  if (FILES.some((pattern) => pattern.test(path))) {
    return { kind: 'file', address: url.pathname, file: path.slice(1) };
  }
  if (!PAGES.some((pattern) => pattern.test(path))) return null;
  const folder = path === '/' ? '' : `${path.slice(1)}/`;
  const older = OLDER.exec(url.search.slice(1))?.[1];
  return older === undefined
    ? { kind: 'page', address: url.pathname, file: `${folder}index.html` }
    : {
        kind: 'page',
        address: `${url.pathname}?max_id=${older}`,
        file: `${folder}before/${older}/index.html`,
      };
}

/** The way from one file of the copy to another, as it stands in HTML: relative, so any folder can hold the copy. */
export function siteLink(from: string, to: string): string {
  const way = posix.relative(posix.dirname(from), to);
  return way.split('/').map(encodeURIComponent).join('/');
}

function decodePath(path: string): string | null {
  try {
    const decoded = decodeURIComponent(path);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const odd = /[\u0000-\u001f\u007f\\]/.test(decoded) || decoded.split('/').includes('..');
    const long = decoded.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME);
    return odd || long ? null : decoded;
  } catch {
    return null;
  }
}
