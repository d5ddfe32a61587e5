import type { Context } from '#base/context.ts';
import { readRemoteMediaPath } from '#domain/media/remote-address.ts';
import { originOf } from '#domain/origin.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import { seeRemoteMedia } from '#domain/posts/see-remote-media.ts';
import { readCaller } from './caller.ts';
import { createMediaMemory } from './media-decisions.ts';
import { mediaKey } from './media-keys.ts';
import { isApiPath } from './surface.ts';

/** Writes media addresses in JSON text for the app that holds this token. */
export type MediaForApps = (text: string, tokenId: number) => string;

/**
 * Makes what prepares JSON for apps, which load pictures without their token: addresses that a
 * stranger could not open get the app's key (`media-keys.ts`); all others stay the same for
 * everybody, so that caches share them.
 */
export function createMediaForApps(ctx: Context): MediaForApps {
  const memory = createMediaMemory<boolean>(ctx);
  const decide = (name: string): boolean => {
    const known = memory.get(name);
    if (known !== undefined) return known;
    const age = memory.age();
    const open = isOpen(ctx, name);
    memory.set(name, open, age);
    return open;
  };
  return (text, tokenId) => {
    const start = `${originOf(ctx.config)}/media/`;
    const [before = '', ...pieces] = text.split(start);
    if (pieces.length === 0) return text;
    let key: string | null = null;
    const written = pieces.map((piece) => {
      const name = /^[a-z0-9][\w./-]*/.exec(piece)?.[0] ?? '';
      if (name === '' || name.startsWith('as/') || decide(name)) return piece;
      key ??= mediaKey(ctx, tokenId);
      return `${key}${piece}`;
    });
    return [before, ...written].join(start);
  };
}

/** Makes the same for whole answers of the API; those that are not JSON for an app stay as they are. */
export function createAppAnswers(
  ctx: Context,
): (request: Request, path: string, response: Response) => Promise<Response> {
  const write = createMediaForApps(ctx);
  return async (request, path, response) => {
    if (!isApiPath(path) || !request.headers.has('authorization')) return response;
    if (response.headers.get('content-type')?.startsWith('application/json') !== true) {
      return response;
    }
    const { token } = await readCaller(ctx, request);
    if (token === null || response.body === null) return response;
    const text = write(await response.text(), token.id);
    return new Response(text, { status: response.status, headers: response.headers });
  };
}

/** Whether everybody may have what lies at `/media/<name>`. */
function isOpen(ctx: Context, name: string): boolean {
  if (!name.startsWith('remote/')) return canSeeMedia(ctx, null, name) === 'public';
  const ref = readRemoteMediaPath(ctx, name);
  return ref === null || seeRemoteMedia(ctx, null, ref)?.access === 'public';
}
