import { existsSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { offerOriginal } from '#domain/media/offer.ts';
import { type MediaView, readMedia } from '#domain/media/reading.ts';
import { noteLocalUse } from '#domain/storage/local-copies.ts';
import { notFound } from './errors.ts';
import {
  createMediaMemory,
  findMediaFile,
  type MediaAccess,
  type MediaFile,
  type SeeMedia,
} from './media-decisions.ts';
import { readMediaKey } from './media-keys.ts';
import { mediaHeaders, respondFile } from './media-response.ts';
import { respondMedia } from './placed-media.ts';
import { createRemoteMedia } from './remote-media.ts';
import { requestPath } from './request-facts.ts';
import { answerSharedMedia } from './shared-media.ts';

type ReadCaller = (ctx: Context, request: Request) => Promise<{ viewer: Viewer | null }>;

const MEDIA = '/media/';
const REMOTE = 'remote/';
const KEYED = 'as/';
const FILE = /^[a-z2-7]{26}\.[a-z0-9]{2,5}$/;
const SHARED = /^shared\/([a-z2-7]{26})\.[a-z0-9]{2,5}$/;
const DOWNLOAD = /^([0-9]{1,16})\/download$/;

/**
 * Makes the short path of photos in front of all routes: `/media/<blob>`, copies of remote pictures at
 * `/media/remote/…`, both for an app at `/media/as/<key>/…`, the cleaned original at
 * `/media/<id>/download`, and what servers of followers fetch by a secret at `/media/shared/<token>`.
 * Null for other addresses and methods. A file that is missing and one that is not for this caller
 * throw the same `not_found`. The path alone decides: no query, no `Host`.
 */
export function createMediaFiles(
  ctx: Context,
  canSeeMedia: SeeMedia,
  readCaller: ReadCaller,
): (request: Request) => Promise<Response> | Response | null {
  const keyed = new WeakMap<Request, Viewer>();
  const readViewer = async (request: Request): Promise<Viewer | null> => {
    const known = keyed.get(request);
    if (known !== undefined) return known;
    const { headers } = request;
    if (!headers.has('cookie') && !headers.has('authorization')) return null;
    return (await readCaller(ctx, request)).viewer;
  };
  const see = async (request: Request, name: string): Promise<MediaAccess | null> => {
    // Strangers first: most files are for everybody, and then who asks is never looked up.
    const open = canSeeMedia(ctx, null, name);
    if (open !== null) return open;
    const viewer = await readViewer(request);
    return viewer === null ? null : canSeeMedia(ctx, viewer, name);
  };
  const answerFile = createFileAnswer(ctx, see);
  const answerRemote = createRemoteMedia(ctx, readViewer);
  const answerDownload = async (request: Request, id: number): Promise<Response> => {
    const media = readMedia(ctx.db, [id])[0];
    const large = media?.renditions.find((rendition) => rendition.name === 'large');
    const access = large ? await see(request, large.blobName) : null;
    if (!media || access === null || !isOffered(ctx, media)) throw notFound(request);
    const file = findMediaFile(ctx, (await prepare(ctx, media)).blobName);
    if (file === null) throw notFound(request);
    // The address stays when the cut changes, so it is never kept for good.
    const headers = mediaHeaders(file.blob, { access: 'private', fileName: `photo-${id}` });
    return respondMedia(ctx, request, file, headers);
  };
  const answerName = (request: Request, name: string): Promise<Response> | Response => {
    if (FILE.test(name)) return answerFile(request, name);
    const token = SHARED.exec(name)?.[1];
    if (token !== undefined) return answerSharedMedia(ctx, request, token);
    if (name.startsWith(REMOTE)) return answerRemote(request, name);
    const id = parseId(DOWNLOAD.exec(name)?.[1] ?? '');
    if (id === null) throw notFound(request);
    return answerDownload(request, id);
  };
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const path = requestPath(request);
    if (!path.startsWith(MEDIA)) return null;
    const name = path.slice(MEDIA.length);
    if (!name.startsWith(KEYED)) return answerName(request, name);
    const key = readMediaKey(ctx, name);
    if (key === null) throw notFound(request);
    keyed.set(request, key.viewer);
    return answerForApp(request, key.name, answerName);
  };
}

/** Pages of other origins show it too: whoever has the address has the key. */
async function answerForApp(
  request: Request,
  name: string,
  answer: (request: Request, name: string) => Promise<Response> | Response,
): Promise<Response> {
  const response = await answer(request, name);
  const headers = new Headers(response.headers);
  headers.set('cross-origin-resource-policy', 'cross-origin');
  headers.set('access-control-allow-origin', '*');
  return new Response(response.body, { status: response.status, headers });
}

/** Answers with a file; those that are for everybody come from memory. */
function createFileAnswer(
  ctx: Context,
  see: (request: Request, name: string) => Promise<MediaAccess | null>,
): (request: Request, name: string) => Promise<Response> | Response {
  const memory = createMediaMemory<{ file: MediaFile; headers: Headers; body: Blob }>(ctx);
  // With a bucket, copies on the disk go when others need the room.
  const mayGo = ctx.config.mediaBucket !== null;
  const lookUp = async (request: Request, name: string): Promise<Response> => {
    const age = memory.age();
    const access = await see(request, name);
    const file = access === null ? null : findMediaFile(ctx, name);
    if (access === null || file === null) throw notFound(request);
    // The author's own bytes, or a copy for others: to be kept, not to be looked at here.
    const { purpose } = file.blob;
    const fileName = purpose === 'original' || purpose === 'offered' ? 'photo' : null;
    const headers = mediaHeaders(file.blob, { access, fileName });
    if (access === 'public' && file.isLocal) {
      memory.set(name, { file, headers, body: Bun.file(file.path) }, age);
    }
    return respondMedia(ctx, request, file, headers);
  };
  return (request, name) => {
    const known = memory.get(name);
    if (known === undefined) return lookUp(request, name);
    if (mayGo) {
      if (!existsSync(known.file.path)) return lookUp(request, name);
      noteLocalUse(ctx, name);
    }
    const plain =
      request.method === 'GET' &&
      !request.headers.has('range') &&
      !request.headers.has('if-none-match');
    return plain
      ? new Response(known.body, { headers: known.headers })
      : respondFile(request, known.file, known.headers);
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
      retryAfter: error.retryAfter ?? 3600,
    });
  }
}
