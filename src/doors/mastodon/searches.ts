import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { createBuckets } from '#base/core/buckets.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { findAccountsByText } from '#domain/accounts/text-queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { findTagsByPrefix } from '#domain/posts/tag-queries.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { isUnreachable } from '#doors/federation/remote/document-error.ts';
import {
  findKnownText,
  type Resolved,
  resolveText,
} from '#doors/federation/remote/resolve-text.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { isTrue } from '#doors/http/fields.ts';

type Query = ReturnType<typeof readQuery>;
type Asked = { text: string; limit: number; viewer: Viewer | null };

/** What a member may have looked up on other servers. */
const LOOKUPS = { limit: 60, windowMs: 5 * 60_000 };
const LONGEST = 2048;

/**
 * Search through the client API: people by handle, address or name, posts by their address, tags by
 * their beginning. Members have what is not here yet looked up on its server (`resolve`); strangers
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
        const asked = readAsked(query, viewer, 20);
        const wants = (type: string) => [undefined, '', type].includes(asText(query.type));
        const looks = wants('accounts') || wants('statuses');
        const found = looks ? await resolve(asked, query) : null;
        const first = isTrue(query.offset) || Number(query.offset ?? 0) === 0;
        return Response.json({
          accounts: wants('accounts') && first ? accountsOf(ctx, asked, found) : [],
          statuses: wants('statuses') && first ? statusesOf(ctx, viewer, found) : [],
          hashtags: wants('hashtags') && first ? tagsOf(ctx, asked) : [],
        });
      },
      { caller: 'read:search', parse: 'none' },
    )
    .get(
      '/api/v1/accounts/search',
      async ({ request, viewer }) => {
        const query = readQuery(request);
        const asked = readAsked(query, viewer, 40);
        return Response.json(accountsOf(ctx, asked, await resolve(asked, query)));
      },
      { caller: 'read:accounts', parse: 'none' },
    );
};

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
function accountsOf(ctx: Context, { text, limit, viewer }: Asked, found: Resolved | null) {
  const rows = found !== null && 'account' in found ? [found.account] : [];
  if (!/^https?:/i.test(text)) rows.push(...likeNamed(ctx, text, limit));
  const seen = new Map<number, AccountRow>();
  for (const row of rows) {
    const mine = viewer !== null || row.domain === null;
    if (mine && canSeeAccount(row, viewer, isClosed(ctx))) seen.set(row.id, row);
  }
  return accountsJson(ctx, [...seen.values()].slice(0, limit));
}

function likeNamed(ctx: Context, text: string, limit: number): AccountRow[] {
  const [name = '', domain] = text.replace(/^(acct:|@)/i, '').split('@');
  if (name === '') return [];
  const rows = findAccountsByText(ctx.db, name, limit);
  const start = domain?.toLowerCase();
  return start === undefined ? rows : rows.filter((row) => row.domain?.startsWith(start));
}

function statusesOf(ctx: Context, viewer: Viewer | null, found: Resolved | null) {
  if (found === null || !('post' in found)) return [];
  // Strangers see posts of other servers only below ours; who sees a post is decided where all are read.
  if (viewer === null && found.post.uri !== null) return [];
  return statusesByIds(ctx, viewer, [found.post.id]);
}

function tagsOf(ctx: Context, { text, limit }: Asked) {
  const prefix = foldTag(text.replace(/^#/, ''));
  if (prefix === '' || /[\s@/]/.test(text)) return [];
  const to = addresses(ctx.config);
  return findTagsByPrefix(ctx.db, prefix, limit).map(({ name, display }) => ({
    name: display,
    url: to.tag(name),
    history: [],
    following: false,
  }));
}
