import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findPost } from '#domain/posts/queries.ts';
import { type PostStamp, readPostsByIds, readStamps } from '#domain/posts/reading.ts';
import { statusesJson } from './status.ts';
import type { StatusJson } from './types.ts';

const MAX_ENTRIES = 600;

type Entry = { stamp: PostStamp; json: StatusJson; text: string | null };

const caches = new WeakMap<Context, Map<number, Entry>>();

/**
 * Posts by id as the viewer may see them, in the order of `ids`; hidden ones are left out. One
 * statement asks what is visible and at which revision (database triggers count them), so nobody
 * has to tell this cache of a change; only what it does not hold is built. The objects are shared:
 * read them, never change them.
 */
export function statusesByIds(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  ids: number[],
): StatusJson[] {
  return entriesByIds(ctx, viewer, ids).map((entry) => entry.json);
}

/** The same as JSON text of the whole list, put together from stored pieces. */
export function statusListText(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  ids: number[],
): string {
  const texts = entriesByIds(ctx, viewer, ids).map((entry) => {
    entry.text ??= JSON.stringify(entry.json);
    return entry.text;
  });
  return `[${texts.join(',')}]`;
}

function entriesByIds(ctx: Context, viewer: Pick<Viewer, 'id'> | null, ids: number[]): Entry[] {
  const cache = caches.get(ctx) ?? new Map<number, Entry>();
  caches.set(ctx, cache);
  const stamps = readStamps(ctx, viewer, ids);
  const missing = stamps.filter((stamp) => !isFresh(cache.get(stamp.id), stamp));
  if (missing.length > 0) fill(ctx, viewer, cache, missing);
  const entries = stamps.flatMap((stamp) => cache.get(stamp.id) ?? []);
  for (const entry of entries) {
    // A Map keeps the order of insertion, so the front is what nobody has asked for the longest.
    cache.delete(entry.stamp.id);
    cache.set(entry.stamp.id, entry);
  }
  for (const id of cache.keys()) {
    if (cache.size <= MAX_ENTRIES) break;
    cache.delete(id);
  }
  return hideParents(ctx, viewer, entries);
}

/** A comment does not tell of a post that this viewer may not see: for them it answers nothing. */
function hideParents(ctx: Context, viewer: Pick<Viewer, 'id'> | null, entries: Entry[]): Entry[] {
  const parents = new Set(entries.flatMap(({ json }) => json.in_reply_to_id ?? []));
  if (parents.size === 0) return entries;
  const shown = entries.map(({ stamp }) => stamp.id);
  const others = [...parents].map(Number).filter((id) => !shown.includes(id));
  const seen = new Set([...shown, ...readStamps(ctx, viewer, others).map(({ id }) => id)]);
  return entries.map((entry) => {
    const { stamp, json } = entry;
    if (json.in_reply_to_id === null || seen.has(Number(json.in_reply_to_id))) return entry;
    const alone = { ...json, in_reply_to_id: null, in_reply_to_account_id: null };
    return { stamp, json: alone, text: null };
  });
}

function isFresh(entry: Entry | undefined, stamp: PostStamp): boolean {
  return entry?.stamp.rev === stamp.rev && entry.stamp.accountRev === stamp.accountRev;
}

function fill(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  cache: Map<number, Entry>,
  stamps: PostStamp[],
): void {
  const [only] = stamps;
  const ids = stamps.map((stamp) => stamp.id);
  // What is visible was asked already; one post needs no second look.
  const own = stamps.length === 1 && only ? findPost(ctx.db, only.id) : null;
  const posts = own ? [own] : readPostsByIds(ctx, viewer, ids);
  const byId = new Map(stamps.map((stamp) => [stamp.id, stamp]));
  for (const json of statusesJson(ctx, posts)) {
    const stamp = byId.get(Number(json.id));
    if (stamp) cache.set(stamp.id, { stamp, json, text: null });
  }
}
