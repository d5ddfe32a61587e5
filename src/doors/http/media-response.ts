import type { BlobRow } from '#domain/storage/queries.ts';
import { matchesEtag } from './etag.ts';
import type { MediaAccess } from './media-decisions.ts';

type Sized = { blob: Pick<BlobRow, 'bytes'>; path: string };

import { allowsRange, readRange } from './ranges.ts';

/**
 * The headers of a file, whole or in parts. With `fileName` (without extension) browsers save it
 * instead of showing it. What only some may see is asked for again each time, since a post or a
 * follow can end; the answer is then 304 without the bytes. The author's own original is not left
 * in a browser at all.
 */
export function mediaHeaders(
  blob: BlobRow,
  how: { access: MediaAccess; fileName: string | null },
): Headers {
  const open = how.access === 'public';
  const headers = new Headers({
    etag: `"${blob.sha256}"`,
    'content-type': blob.mime,
    'cache-control': cacheRule(open, blob),
    vary: open ? 'Accept-Encoding' : 'Cookie, Authorization',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': open ? 'cross-origin' : 'same-origin',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  });
  if (open) headers.set('access-control-allow-origin', '*');
  if (how.fileName !== null) {
    const extension = blob.name.slice(blob.name.indexOf('.') + 1);
    headers.set('content-disposition', `attachment; filename="${how.fileName}.${extension}"`);
  }
  return headers;
}

/** The file as it is, for a plain GET. */
function respondWhole(file: Sized, headers: Headers): Response {
  return new Response(Bun.file(file.path), { headers });
}

/** The file, a part of it, or that the caller has it already (RFC 9110 §13.2.2, §14). */
export function respondFile(request: Request, file: Sized, shared: Headers): Response {
  const { blob, path } = file;
  const headers = new Headers(shared);
  const etag = headers.get('etag') ?? '';
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  if (request.method === 'HEAD') {
    headers.set('content-length', String(blob.bytes));
    return new Response(null, { headers });
  }
  const asked = request.headers.get('range');
  if (asked === null) return respondWhole(file, headers);
  const range = allowsRange(request.headers.get('if-range'), etag)
    ? readRange(asked, blob.bytes)
    : ({ kind: 'whole' } as const);
  if (range.kind === 'whole') return respondWhole(file, headers);
  if (range.kind === 'unsatisfiable') {
    headers.set('content-range', `bytes */${blob.bytes}`);
    headers.delete('content-type');
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-range', `bytes ${range.start}-${range.end}/${blob.bytes}`);
  const part = Bun.file(path).slice(range.start, range.end + 1);
  return new Response(part, { status: 206, headers });
}

function cacheRule(open: boolean, blob: BlobRow): string {
  if (open) return 'public, max-age=31536000, immutable';
  return blob.purpose === 'original' ? 'private, no-store' : 'private, no-cache';
}
