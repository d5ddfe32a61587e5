import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import type { RemotePicture } from '#domain/media/copy-remote.ts';
import { type CachedPicture, readCached } from '#domain/media/read-cached.ts';
import { type RemoteMediaRef, readRemoteMediaPath } from '#domain/media/remote-address.ts';
import { seeRemoteMedia } from '#domain/posts/see-remote-media.ts';
import { notFound } from './errors.ts';
import type { MediaAccess } from './media-decisions.ts';
import { respondFile } from './media-response.ts';

type ReadViewer = (request: Request) => Promise<Viewer | null>;

/** Milliseconds that a browser waits for a copy; the copy goes on without it. */
const PATIENCE = 20_000;

/**
 * Answers `/media/remote/…` (`name` is what stands behind `/media/`): our copy of a picture of another
 * server, fetched when the first one looks. The signed path alone says which (T63); who may see the
 * post or the account may see it; nothing of the caller goes to the other server.
 */
export function createRemoteMedia(
  ctx: Context,
  readViewer: ReadViewer,
): (request: Request, name: string) => Promise<Response> {
  const see = async (request: Request, ref: RemoteMediaRef) => {
    const open = seeRemoteMedia(ctx, null, ref);
    if (open !== null) return open;
    const viewer = await readViewer(request);
    return viewer === null ? null : seeRemoteMedia(ctx, viewer, ref);
  };
  return async (request, name) => {
    const ref = readRemoteMediaPath(ctx, name);
    const seen = ref === null ? null : await see(request, ref);
    if (ref === null || seen === null) throw notFound(request);
    const copy = await wait(readCached(ctx, pictureOf(ref, seen), ref.variant));
    if (copy === null) throw notFound(request);
    return respond(request, copy, seen.access);
  };
}

function pictureOf(
  { kind, id }: RemoteMediaRef,
  { domain, url }: { domain: string; url: string },
): RemotePicture {
  return { kind, id, domain, url };
}

async function wait<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const sentence = 'This picture is still on its way from another server.';
      reject(new AppError('unavailable', sentence, { retryAfter: 10 }));
    }, PATIENCE);
  });
  // Who gave up does not hear how it ended.
  work.catch(() => {});
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

function respond(request: Request, { row, path }: CachedPicture, access: MediaAccess): Response {
  const open = access === 'public';
  const headers = new Headers({
    etag: `"${row.name.slice(0, 26)}"`,
    'content-type': row.mime,
    // The address stays when an account has a new picture.
    'cache-control': open ? 'public, max-age=86400' : 'private, no-cache',
    vary: open ? 'Accept-Encoding' : 'Cookie, Authorization',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': open ? 'cross-origin' : 'same-origin',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  });
  if (open) headers.set('access-control-allow-origin', '*');
  return respondFile(request, { blob: row, path }, headers);
}
