import type { BlobRow } from '#domain/storage/queries.ts';
import { matchesEtag } from './etag.ts';
import type { MediaAccess } from './media-decisions.ts';

import { allowsRange, readRange } from './ranges.ts';

type Sized = { blob: Pick<BlobRow, 'bytes'>; path: string };

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

/** What of a file an answer holds; the headers are those of this very answer. */
export type MediaAnswer = {
  status: number;
  headers: Headers;
  /** Null: no bytes. Both ends of a part are inclusive. */
  bytes: 'all' | { start: number; end: number } | null;
};

/** The file as it is, a part of it, or that the caller has it already (RFC 9110 §13.2.2, §14). */
export function planAnswer(request: Request, size: number, shared: Headers): MediaAnswer {
  const headers = new Headers(shared);
  const etag = headers.get('etag') ?? '';
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    headers.delete('content-type');
    return { status: 304, headers, bytes: null };
  }
  if (request.method === 'HEAD') {
    headers.set('content-length', String(size));
    return { status: 200, headers, bytes: null };
  }
  const asked = request.headers.get('range');
  const range =
    asked !== null && allowsRange(request.headers.get('if-range'), etag)
      ? readRange(asked, size)
      : ({ kind: 'whole' } as const);
  if (range.kind === 'whole') return { status: 200, headers, bytes: 'all' };
  if (range.kind === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    headers.delete('content-type');
    return { status: 416, headers, bytes: null };
  }
  headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  return { status: 206, headers, bytes: range };
}

/** Answers with a file of the disk. */
export function respondFile(request: Request, file: Sized, shared: Headers): Response {
  const { blob, path } = file;
  const { status, headers, bytes } = planAnswer(request, blob.bytes, shared);
  if (bytes === null) return new Response(null, { status, headers });
  if (bytes === 'all') return new Response(Bun.file(path), { headers });
  return new Response(Bun.file(path).slice(bytes.start, bytes.end + 1), { status, headers });
}

function cacheRule(open: boolean, blob: BlobRow): string {
  if (open) return 'public, max-age=31536000, immutable';
  return blob.purpose === 'original' ? 'private, no-store' : 'private, no-cache';
}
