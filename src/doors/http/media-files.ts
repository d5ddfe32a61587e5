import { statSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { offerOriginal } from '#domain/media/offer.ts';
import { type MediaView, readMedia } from '#domain/media/reading.ts';
import type { BlobRow } from '#domain/storage/queries.ts';
import { notFound } from './errors.ts';
import { matchesEtag } from './etag.ts';
import { createMediaDecisions, type MediaAccess, type SeeMedia } from './media-decisions.ts';
import { allowsRange, readRange } from './ranges.ts';
import { requestPath } from './request-facts.ts';

type ReadCaller = (ctx: Context, request: Request) => Promise<{ viewer: Viewer | null }>;

/** A file with what may be said about it. */
type Found = { blob: BlobRow; access: MediaAccess; path: string; download: string | null };

const FILE = /^\/media\/([a-z2-7]{26}\.[a-z0-9]{2,5})$/;
const DOWNLOAD = /^\/media\/([0-9]{1,16})\/download$/;

/**
 * Makes the short path of photos in front of all routes: `/media/<blob>` and the cleaned original at
 * `/media/<id>/download`. Null for other addresses and methods. A file that is missing and one that
 * is not for this caller throw the same `not_found`. The path alone decides: no query, no `Host`.
 */
export function createMediaFiles(
  ctx: Context,
  canSeeMedia: SeeMedia,
  readCaller: ReadCaller,
): (request: Request) => Promise<Response> | null {
  const decide = createMediaDecisions(ctx, canSeeMedia);
  const findViewer = async (request: Request): Promise<Viewer | null> => {
    const { headers } = request;
    if (!headers.has('cookie') && !headers.has('authorization')) return null;
    return (await readCaller(ctx, request)).viewer;
  };
  // Strangers first: most files are for everybody, and then who asks is never looked up.
  const see = async (request: Request, name: string): Promise<MediaAccess | null> => {
    const open = decide.forStrangers(name);
    if (open === 'public') return open;
    const viewer = await findViewer(request);
    return viewer === null ? open : canSeeMedia(ctx, viewer, name);
  };
  const answerFile = async (request: Request, name: string): Promise<Response> => {
    const access = await see(request, name);
    const blob = access === null ? null : decide.blob(name);
    const path = ctx.files.mediaPath(name);
    if (access === null || blob === null || !isThere(ctx, path)) throw notFound(request);
    // The author's own bytes, and a copy for others: to be kept, not to be looked at here.
    const download = blob.purpose === 'rendition' || blob.purpose === 'avatar' ? null : 'photo';
    return respond(request, { blob, access, path, download });
  };
  const answerDownload = async (request: Request, id: number): Promise<Response> => {
    const media = readMedia(ctx.db, [id])[0];
    const large = media?.renditions.find((rendition) => rendition.name === 'large');
    const access = large ? await see(request, large.blobName) : null;
    if (!media || access === null || !isOffered(ctx, media)) throw notFound(request);
    const { blobName } = await prepare(ctx, media);
    const blob = decide.blob(blobName);
    const path = ctx.files.mediaPath(blobName);
    if (blob === null || !isThere(ctx, path)) throw notFound(request);
    // The address stays when the cut changes, so it is never kept for good.
    return respond(request, { blob, access: 'private', path, download: `photo-${id}` });
  };
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const path = requestPath(request);
    const name = FILE.exec(path)?.[1];
    if (name !== undefined) return answerFile(request, name);
    const id = parseId(DOWNLOAD.exec(path)?.[1] ?? '');
    if (id !== null) return answerDownload(request, id);
    if (path.startsWith('/media/')) throw notFound(request);
    return null;
  };
}

function isOffered(ctx: Context, media: MediaView): boolean {
  if (media.originalBlob === null || media.postId === null) return false;
  return readPreferences(ctx.db, media.accountId).offerOriginals;
}

async function prepare(ctx: Context, media: MediaView): Promise<{ blobName: string }> {
  try {
    return await offerOriginal(ctx, media);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // How full the author's storage is, is nobody else's business.
    throw new AppError('unavailable', 'This photo cannot be downloaded just now.', {
      cause: error,
      retryAfter: 3600,
    });
  }
}

function isThere(ctx: Context, path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })) return true;
  ctx.log.error('A stored file is missing on the disk.', { path });
  return false;
}

function respond(request: Request, found: Found): Response {
  const { blob, path } = found;
  const etag = `"${blob.sha256}"`;
  const headers = fileHeaders(found, etag);
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers['content-type'] = blob.mime;
  if (request.method === 'HEAD') {
    headers['accept-ranges'] = 'bytes';
    headers['content-length'] = String(blob.bytes);
    return new Response(null, { headers });
  }
  const asked = request.headers.get('range');
  if (asked === null) {
    headers['accept-ranges'] = 'bytes';
    return new Response(Bun.file(path), { headers });
  }
  const range = allowsRange(request.headers.get('if-range'), etag)
    ? readRange(asked, blob.bytes)
    : { kind: 'whole' as const };
  // Here Bun writes `Accept-Ranges` itself.
  if (range.kind === 'whole') return new Response(Bun.file(path), { headers });
  if (range.kind === 'unsatisfiable') {
    headers['content-range'] = `bytes */${blob.bytes}`;
    delete headers['content-type'];
    return new Response(null, { status: 416, headers });
  }
  headers['content-range'] = `bytes ${range.start}-${range.end}/${blob.bytes}`;
  headers['accept-ranges'] = 'bytes';
  return new Response(Bun.file(path).slice(range.start, range.end + 1), { status: 206, headers });
}

function fileHeaders(found: Found, etag: string): Record<string, string> {
  const { blob, access, download } = found;
  const open = access === 'public';
  const headers: Record<string, string> = {
    etag,
    // Whoever may see it asks again each time, since a post or a follow can end; the answer is then
    // 304 without the bytes. The author's own file is not left in a browser at all.
    'cache-control': cacheRule(open, blob),
    vary: open ? 'Accept-Encoding' : 'Cookie, Authorization',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': open ? 'cross-origin' : 'same-origin',
    'x-content-type-options': 'nosniff',
  };
  if (open) headers['access-control-allow-origin'] = '*';
  if (download !== null) {
    const extension = blob.name.slice(blob.name.indexOf('.') + 1);
    headers['content-disposition'] = `attachment; filename="${download}.${extension}"`;
  }
  return headers;
}

function cacheRule(open: boolean, blob: BlobRow): string {
  if (open) return 'public, max-age=31536000, immutable';
  return blob.purpose === 'original' ? 'private, no-store' : 'private, no-cache';
}
