import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { createBuckets } from '#base/core/buckets.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { findAccountsByText } from '#domain/accounts/text-queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { searchPosts } from '#domain/discovery/search-posts.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { findTagsByPrefix } from '#domain/posts/tag-queries.ts';
import { readRelationships } from '#domain/relationships/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { tagsJson } from '#doors/entities/tag.ts';
import { isUnreachable } from '#doors/federation/remote/document-error.ts';
import {
  findKnownText,
  type Resolved,
  resolveText,
} from '#doors/federation/remote/resolve-text.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { idField, isTrue, parseInput } from '#doors/http/fields.ts';
import { jsonText } from '#doors/http/json-text.ts';
import { listText } from './answers.ts';

type Query = ReturnType<typeof readQuery>;
/** What narrows a search; ids as text or numbers. */
export const searchSchema = v.object({
  account_id: v.nullish(v.union([v.literal(''), idField()])),
  max_id: v.nullish(v.union([v.literal(''), idField()])),
  min_id: v.nullish(v.union([v.literal(''), idField()])),
  offset: v.optional(v.pipe(v.unknown(), v.transform(offsetOf))),
});
type Wish = Partial<v.InferOutput<typeof searchSchema>> & { offset: number; following: boolean };
type Asked = { text: string; limit: number; viewer: Viewer | null };

/** What a member may have looked up on other servers. */
const LOOKUPS = { limit: 60, windowMs: 5 * 60_000 };
const LONGEST = 2048;
/** People and posts that one search leads through. */
const MOST_NAMED = 200;
const MOST_OFFSET = 2000;

/**
 * Search through the client API: people by handle, address or name, posts by their address and by their
 * words, tags by their beginning. Members have what is not here yet looked up on its server (`resolve`); strangers
 * cause no request and find people of this instance alone.
 */
export const searches = (ctx: Context): AnyElysia => {
  const lookups = createBuckets(LOOKUPS, ctx.now);
  const resolve = async (asked: Asked, query: Query): Promise<Resolved | null> => {
    const { text, viewer } = asked;
    const known = findKnownText(ctx, text);
    if (known !== null || viewer === null || !isTrue(query.resolve)) return known;
    const rate = lookups.take(String(viewer.id));
    // Apps show what was found, not why there is nothing.
    if (rate.allowed) return await resolveText(ctx, text).catch(skipUnreachable);
    const sentence = 'Too many look-ups on other servers; please wait a little.';
    throw new AppError('too_many', sentence, { retryAfter: rate.retryAfter });
  };
  return new Elysia({ name: 'mastodon.searches' })
    .use(authPlugin(ctx))
    .get(
      '/api/v2/search',
      async ({ request, viewer }) => {
        const query = readQuery(request);
        const said = parseInput(searchSchema, query);
        const asked = readAsked(query, viewer, 20);
        const wants = (type: string) => [undefined, '', type].includes(asText(query.type));
        const looks = wants('accounts') || wants('statuses');
        const found = looks ? await resolve(asked, query) : null;
        const offset = said.offset ?? 0;
        const first = offset === 0;
        const wish = { ...said, offset, following: isTrue(query.following) };
        const people = wants('accounts') ? accountsOf(ctx, asked, found, wish) : [];
        const statuses = wants('statuses') ? statusesOf(ctx, asked, found, wish) : '[]';
        const tags = wants('hashtags') && first ? tagsOf(ctx, asked) : [];
        return jsonText(
          `{"accounts":${JSON.stringify(people)},"statuses":${statuses},"hashtags":${JSON.stringify(tags)}}`,
        );
      },
      { caller: 'read:search', parse: 'none' },
    )
    .get(
      '/api/v1/accounts/search',
      async ({ request, viewer }) => {
        const query = readQuery(request);
        const asked = readAsked(query, viewer, 40);
        const wish = { offset: 0, following: isTrue(query.following) };
        return Response.json(accountsOf(ctx, asked, await resolve(asked, query), wish));
      },
      { caller: 'read:accounts', parse: 'none' },
    );
};

function offsetOf(value: unknown): number {
  const offset = Math.trunc(Number(value ?? 0));
  return Number.isFinite(offset) ? Math.min(Math.max(0, offset), MOST_OFFSET) : 0;
}

function skipUnreachable(error: unknown): null {
  if (isUnreachable(error)) return null;
  throw error;
}

function readAsked(query: Query, viewer: Viewer | null, usual: number): Asked {
  // For SQLite a text ends where a NUL is.
  const text = (asText(query.q) ?? '').replace(/\p{Cc}/gu, '').trim();
  if (text === '') throw new AppError('invalid', 'Say what to search for (q).');
  if (text.length > LONGEST) throw new AppError('invalid', 'The search is too long.');
  const limit = Number(asText(query.limit) ?? usual);
  const most = Number.isInteger(limit) && limit > 0 ? Math.min(limit, 80) : usual;
  return { text, limit: most, viewer };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** What the text names comes first, then whose name begins like it. */
function accountsOf(
  ctx: Context,
  { text, limit, viewer }: Asked,
  found: Resolved | null,
  { offset, following }: Wish,
) {
  const rows = found !== null && 'account' in found ? [found.account] : [];
  const most = following ? MOST_NAMED : offset + limit;
  if (!/^https?:/i.test(text)) rows.push(...likeNamed(ctx, text, Math.min(most, MOST_NAMED)));
  const seen = new Map<number, AccountRow>();
  for (const row of rows) {
    const mine = viewer !== null || row.domain === null;
    if (mine && canSeeAccount(row, viewer, isClosed(ctx))) seen.set(row.id, row);
  }
  const followed = following && viewer ? followedOf(ctx, viewer, [...seen.keys()]) : seen;
  const shown = [...seen.values()].filter((row) => followed.has(row.id));
  return accountsJson(ctx, shown.slice(offset, offset + limit));
}

function followedOf(ctx: Context, viewer: Viewer, ids: number[]): Set<number> {
  const standing = readRelationships(ctx.db, viewer.id, ids);
  return new Set(standing.filter((each) => each.following).map((each) => each.accountId));
}

function likeNamed(ctx: Context, text: string, limit: number): AccountRow[] {
  const [name = '', domain] = text.replace(/^(acct:|@)/i, '').split('@');
  if (name === '') return [];
  const rows = findAccountsByText(ctx.db, name, limit);
  const start = domain?.toLowerCase();
  return start === undefined ? rows : rows.filter((row) => row.domain?.startsWith(start));
}

/** The post that an address names, or those that have the words, as JSON text. Who sees a post is decided where all are read. */
function statusesOf(
  ctx: Context,
  { text, limit, viewer }: Asked,
  found: Resolved | null,
  { offset, account_id, max_id, min_id }: Wish,
): string {
  const named = found !== null && 'post' in found ? [found.post] : [];
  // Strangers see posts of other servers only below ours.
  const ids = named.filter((post) => viewer !== null || post.uri === null).map(({ id }) => id);
  const isWords = !/^(https?:|@)/i.test(text);
  const search = {
    ...{ text, limit, offset },
    ...{ accountId: account_id || null, maxId: max_id || null, minId: min_id || null },
  };
  const all = isWords ? searchPosts(ctx, viewer, search) : offset === 0 ? ids : [];
  return listText(ctx, viewer, all, 'public');
}

function tagsOf(ctx: Context, { text, limit, viewer }: Asked) {
  const prefix = foldTag(text.replace(/^#/, ''));
  if (prefix === '' || /[\s@/]/.test(text)) return [];
  return tagsJson(ctx, viewer, findTagsByPrefix(ctx.db, prefix, limit));
}
