import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { originOf } from '#domain/origin.ts';
import { readSetting } from '#domain/settings.ts';
import { erasePost } from './delete.ts';
import { deleteOldTombstones, listOldRemote, mattersHere } from './prune-queries.ts';

const DAY = 24 * 3_600_000;
/** Posts that are looked at before the next request has its turn: some milliseconds. */
const AT_ONCE = 50;
const TOMBSTONES_KEPT = 180 * DAY;
const TOMBSTONES_AT_ONCE = 1000;

/**
 * Removes posts of other servers that came more than `federation.keep_days` ago, unless somebody here
 * follows the author, liked, boosted or bookmarked, is mentioned, or wrote or did any of that somewhere
 * in the same thread. They may come back: nothing remembers them. Answers how many went.
 */
export async function pruneRemotePosts(ctx: Context, signal?: AbortSignal): Promise<number> {
  const before = ctx.now() - readSetting(ctx, 'federation.keep_days') * DAY;
  let removed = 0;
  let last = { receivedAt: 0, id: 0 };
  for (;;) {
    const page = { before, afterTime: last.receivedAt, afterId: last.id, limit: AT_ONCE };
    const posts = listOldRemote(ctx.db, page);
    const unneeded = posts.filter(({ id }) => !mattersHere(ctx.db, id));
    removed += erase(ctx, unneeded);
    const next = posts.at(-1);
    if (next === undefined || posts.length < AT_ONCE) return removed;
    last = next;
    await nextTurn(signal);
  }
}

/** Looks once more inside the transaction: somebody may have liked it a moment ago. */
function erase(ctx: Context, posts: readonly { id: number }[]): number {
  if (posts.length === 0) return 0;
  return transaction(ctx.db, () => {
    const still = posts.filter(({ id }) => !mattersHere(ctx.db, id));
    for (const { id } of still) erasePost(ctx, id);
    return still.length;
  });
}

/** Forgets what other servers deleted half a year ago: nobody sends such a thing again. */
export async function pruneTombstones(ctx: Context, signal?: AbortSignal): Promise<number> {
  const own = `${originOf(ctx.config)}/`;
  const row = { before: ctx.now() - TOMBSTONES_KEPT, own, limit: TOMBSTONES_AT_ONCE };
  let removed = 0;
  for (;;) {
    const count = deleteOldTombstones(ctx.db, row);
    removed += count;
    if (count < TOMBSTONES_AT_ONCE) return removed;
    await nextTurn(signal);
  }
}

async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await Bun.sleep(0);
}
