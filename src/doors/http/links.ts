import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Page } from '#base/core/page.ts';
import { originOf } from '#domain/origin.ts';
import { requestQuery } from './request-facts.ts';

/** Absolute addresses of what the server shows. */
export function urls(ctx: Pick<Context, 'config'>) {
  const origin = originOf(ctx.config);
  return {
    origin,
    profileUrl: (username: string) => `${origin}/@${username}`,
    postUrl: (username: string, id: number) => `${origin}/@${username}/${id}`,
    photoUrl: (username: string, id: number, index: number) =>
      `${origin}/@${username}/${id}/photo/${index}`,
    feedUrl: (username: string) => `${origin}/@${username}.atom`,
    tagUrl: (tag: string) => `${origin}/tags/${encodeURIComponent(tag)}`,
    mediaUrl: (blobName: string) => `${origin}/media/${blobName}`,
    actorUri: (username: string) => `${origin}/users/${username}`,
    postUri: (username: string, id: number) => `${origin}/users/${username}/posts/${id}`,
    joinUrl: (token: string) => `${origin}/join/${token}`,
    resetUrl: (token: string) => `${origin}/reset/${token}`,
    setupUrl: (code: string) => `${origin}/setup?code=${code}`,
  };
}

/**
 * Reads `limit`, `max_id` (or Pixelfed's `cursor`), `since_id` and `min_id`; what is no id is ignored, a
 * limit is clamped.
 */
export function readPage(
  input: Readonly<Record<string, unknown>>,
  options: { default?: number; max?: number } = {},
): Page {
  const fallback = options.default ?? 20;
  const asked = input.limit === '' ? fallback : Number(input.limit ?? fallback);
  const limit = Number.isFinite(asked) ? Math.trunc(asked) : fallback;
  return {
    limit: Math.min(Math.max(limit, 1), options.max ?? 40),
    maxId: idOf(input.max_id) ?? idOf(input.cursor),
    sinceId: idOf(input.since_id),
    minId: idOf(input.min_id),
  };
}

function idOf(value: unknown): number | null {
  return typeof value === 'string' || typeof value === 'number' ? parseId(String(value)) : null;
}

/**
 * The `Link` header of a list (RFC 8288, as Mastodon writes it) from the first and last id of the
 * slice; other parts of the query stay. Null for an empty slice. With `cursor` the next page is named
 * twice, as Pixelfed's apps ask for lists of people: `cursor` and, last, `max_id`.
 */
export function linkHeader(
  ctx: Pick<Context, 'config'>,
  request: Request,
  page: Page,
  ids: readonly number[],
  options: { cursor?: boolean } = {},
): string | null {
  const [first] = ids;
  const last = ids.at(-1);
  if (first === undefined || last === undefined) return null;
  const path = new URL(request.url).pathname;
  const kept = new URLSearchParams(requestQuery(request));
  for (const name of ['limit', 'max_id', 'since_id', 'min_id', 'cursor']) kept.delete(name);
  kept.set('limit', String(page.limit));
  const base = `${originOf(ctx.config)}${path}?${kept.toString()}`;
  const cursor = options.cursor ? `&cursor=${last}` : '';
  const next = ids.length >= page.limit ? `<${base}${cursor}&max_id=${last}>; rel="next", ` : '';
  return `${next}<${base}&min_id=${first}>; rel="prev"`;
}

/**
 * Where to go after signing in: only a path of ours. Anything that a browser could read as another
 * site (`//host`, `/\host`), and anything with control characters, becomes `/`.
 */
export function safeNext(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2000 || !text.startsWith('/')) return '/';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/^\/[/\\]|[\u0000-\u0020\u007f\\]/.test(text)) return '/';
  return text;
}
