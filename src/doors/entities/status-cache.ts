import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSeen } from '#domain/posts/interactions.ts';
import { findPost } from '#domain/posts/queries.ts';
import { type PostStamp, readPostsByIds, readStamps } from '#domain/posts/reading.ts';
import { readBoosts } from '#domain/posts/share-queries.ts';
import { type BoostJson, boostsJson } from './boost.ts';
import { hideReactions } from './hide-reactions.ts';
import { rememberText } from './remember-text.ts';
import { statusesJson } from './status.ts';
import type { StatusJson } from './types.ts';
import { flagFields, flagsText, textBeforeFlags } from './viewer-flags.ts';

const MAX_ENTRIES = 600;

type Entry = { stamp: PostStamp; json: StatusJson; head: string | null };
/** A post as one viewer sees it. */
type Shown = { entry: Entry; flags: number };
/** What a list shows in one place: a post, or a boost with the post in it. */
type Piece = Shown & { boost: BoostJson | null };

const caches = new WeakMap<Context, Map<number, Entry>>();

/**
 * Posts by id as the viewer may see them, in the order of `ids`; hidden ones are left out, and an id
 * of a boost gives the boost. One statement asks what is visible, at which revision (database
 * triggers count them) and what the viewer did to it, so nobody has to tell this cache of a change;
 * only what it does not hold is built. The objects are shared: read them, never change them.
 */
export function statusesByIds(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  ids: number[],
): StatusJson[] {
  const pieces = readPieces(ctx, viewer, ids);
  const seen = wantsLess(pieces) ? readSeen(ctx, viewer) : null;
  return pieces.map((piece) => {
    const json = seen === null ? piece.entry.json : hideReactions(piece.entry.json, seen);
    const post = piece.flags === 0 ? json : { ...json, ...flagFields(piece.flags) };
    if (!piece.boost) return post;
    return { ...piece.boost, ...flagFields(piece.flags & 39), reblog: post };
  });
}

/** The same as JSON text of the whole list, put together from stored pieces and remembered. */
export function statusListText(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  ids: number[],
): string {
  const key = `statuses ${viewer?.id ?? 0} ${ids.join()}`;
  return rememberText(ctx, key, () => buildListText(ctx, viewer, ids));
}

function buildListText(ctx: Context, viewer: Pick<Viewer, 'id'> | null, ids: number[]): string {
  const pieces = readPieces(ctx, viewer, ids);
  if (wantsLess(pieces)) return JSON.stringify(statusesByIds(ctx, viewer, ids));
  const texts = pieces.map(({ entry, flags, boost }) => {
    entry.head ??= textBeforeFlags(entry.json);
    const post = `${entry.head}${flagsText(flags)}`;
    if (!boost) return post;
    return `${textBeforeFlags(boost)},"reblog":${post}${flagsText(flags & 39)}`;
  });
  return `[${texts.join(',')}]`;
}

/** Whether the viewer wants to see less of reactions than there is. */
function wantsLess([first]: Piece[]): boolean {
  return first !== undefined && (first.flags & 1024) !== 0;
}

function readPieces(ctx: Context, viewer: Pick<Viewer, 'id'> | null, ids: number[]): Piece[] {
  const stamps = readStamps(ctx, viewer, ids);
  const found = new Set(stamps.map((stamp) => stamp.id));
  const boosts =
    stamps.length === ids.length
      ? []
      : readBoosts(
          ctx,
          viewer,
          ids.filter((id) => !found.has(id)),
        );
  const inner = new Set(boosts.map((boost) => boost.postId).filter((id) => !found.has(id)));
  const all = inner.size === 0 ? stamps : [...stamps, ...readStamps(ctx, viewer, [...inner])];
  const shown = new Map(readEntries(ctx, viewer, all).map((each) => [each.entry.stamp.id, each]));
  if (boosts.length === 0) return [...shown.values()].map((post) => ({ ...post, boost: null }));
  const around = boostsJson(ctx, boosts);
  const postOf = new Map(boosts.map((boost) => [boost.id, boost.postId]));
  return ids.flatMap((id) => {
    const post = shown.get(postOf.get(id) ?? id);
    const boost = postOf.has(id) ? around.get(id) : null;
    return post && boost !== undefined ? [{ ...post, boost }] : [];
  });
}

function readEntries(
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  stamps: PostStamp[],
): Shown[] {
  const cache = caches.get(ctx) ?? new Map<number, Entry>();
  caches.set(ctx, cache);
  const missing = stamps.filter((stamp) => !isFresh(cache.get(stamp.id), stamp));
  if (missing.length > 0) fill(ctx, viewer, cache, missing);
  const shown = stamps.flatMap(({ id, flags }) => {
    const entry = cache.get(id);
    return entry ? [{ entry, flags }] : [];
  });
  for (const { entry } of shown) {
    // A Map keeps the order of insertion, so the front is what nobody has asked for the longest.
    cache.delete(entry.stamp.id);
    cache.set(entry.stamp.id, entry);
  }
  for (const id of cache.keys()) {
    if (cache.size <= MAX_ENTRIES) break;
    cache.delete(id);
  }
  return hideParents(ctx, viewer, shown);
}

/** A comment does not tell of a post that this viewer may not see: for them it answers nothing. */
function hideParents(ctx: Context, viewer: Pick<Viewer, 'id'> | null, list: Shown[]): Shown[] {
  const parents = new Set(list.flatMap(({ entry }) => entry.json.in_reply_to_id ?? []));
  if (parents.size === 0) return list;
  const shown = list.map(({ entry }) => entry.stamp.id);
  const others = [...parents].map(Number).filter((id) => !shown.includes(id));
  const seen = new Set([...shown, ...readStamps(ctx, viewer, others).map(({ id }) => id)]);
  return list.map((each) => {
    const { stamp, json } = each.entry;
    if (json.in_reply_to_id === null || seen.has(Number(json.in_reply_to_id))) return each;
    const alone = { ...json, in_reply_to_id: null, in_reply_to_account_id: null };
    return { entry: { stamp, json: alone, head: null }, flags: each.flags };
  });
}

function isFresh(entry: Entry | undefined, stamp: PostStamp): boolean {
  const known = entry?.stamp;
  return (
    known?.rev === stamp.rev &&
    known.accountRev === stamp.accountRev &&
    known.switches === stamp.switches
  );
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
    if (stamp) cache.set(stamp.id, { stamp, json, head: null });
  }
}
