import type { Context } from '#base/context.ts';
import { readChangeStamp } from '#base/db/watch-changes.ts';
import type { Caller } from '#doors/http/caller.ts';
import { matchesEtag } from '#doors/http/etag.ts';
import { requestPath, requestQuery } from '#doors/http/request-facts.ts';

type Kept = {
  stamp: string;
  until: number;
  body: string;
  /** Made when somebody first asks for it. */
  gzip: Uint8Array<ArrayBuffer> | null;
  headers: [string, string][];
};

/** Pages of one server, and their characters together. */
const MOST_PAGES = 300;
const MOST_TEXT = 8_000_000;
/** Characters below which compressing saves no packet. */
const WORTH_PACKING = 2000;
/** Milliseconds; pages say things like "5 minutes ago". */
const LIFETIME = 60_000;

const shelves = new WeakMap<Context, { pages: Map<string, Kept>; text: number }>();

/**
 * Draws a page, or gives a stranger the one that was drawn before: all strangers see the same, until
 * anything at all is written to the database. Only answers that say they are `public` are kept, so
 * a page that must not be shared is drawn each time. Whoever sends a cookie or a token is no stranger.
 * What strangers get holds no secret, so it alone is compressed: beside a secret, the size of the
 * answer would tell whoever can put words into the page.
 */
export async function keepForStrangers(
  ctx: Context,
  request: Request,
  caller: Caller,
  draw: () => Response | Promise<Response>,
): Promise<Response> {
  const { headers } = request;
  if (caller.viewer !== null || caller.bearer || headers.has('cookie')) return draw();
  const key = `${requestPath(request)}?${requestQuery(request)}`;
  const stamp = readChangeStamp(ctx.db);
  const shelf = shelves.get(ctx) ?? { pages: new Map<string, Kept>(), text: 0 };
  shelves.set(ctx, shelf);
  const kept = shelf.pages.get(key);
  if (kept && kept.stamp === stamp && kept.until > ctx.now()) return answer(ctx, request, kept);
  const response = await draw();
  if (response.status !== 200 || !isPublic(response)) return response;
  const body = await response.text();
  const until = ctx.now() + LIFETIME;
  const fresh: Kept = { stamp, until, body, gzip: null, headers: [...response.headers] };
  put(shelf, key, fresh);
  return answer(ctx, request, fresh);
}

function isPublic(response: Response): boolean {
  return response.headers.get('cache-control')?.startsWith('public') === true;
}

function put(shelf: { pages: Map<string, Kept>; text: number }, key: string, fresh: Kept): void {
  const remove = (each: string) => {
    shelf.text -= shelf.pages.get(each)?.body.length ?? 0;
    shelf.pages.delete(each);
  };
  remove(key);
  shelf.pages.set(key, fresh);
  shelf.text += fresh.body.length;
  for (const oldest of shelf.pages.keys()) {
    if (shelf.pages.size <= MOST_PAGES && shelf.text <= MOST_TEXT) break;
    remove(oldest);
  }
}

function answer(ctx: Context, request: Request, kept: Kept): Response {
  const headers = new Headers(kept.headers);
  headers.set('vary', 'Accept, Accept-Encoding, Cookie, Authorization');
  const etag = headers.get('etag');
  if (etag !== null && matchesEtag(request.headers.get('if-none-match'), etag)) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  if (!wantsPacked(ctx, request, kept)) return new Response(kept.body, { headers });
  kept.gzip ??= Bun.gzipSync(new TextEncoder().encode(kept.body), {
    library: 'libdeflate',
    level: 1,
  });
  headers.set('content-encoding', 'gzip');
  return new Response(kept.gzip, { headers });
}

/** Without a public address the text of an answer may still change on its way (`answerByName`). */
function wantsPacked(ctx: Context, request: Request, { body }: Kept): boolean {
  if (ctx.config.origin === null || body.length < WORTH_PACKING) return false;
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    request.headers.get('accept-encoding') ?? '',
  );
}
