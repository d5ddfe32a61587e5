import type { Context } from '#base/context.ts';
import { deleteUnusedHosts } from './host-queries.ts';

/** Milliseconds in which nothing was learnt of a server, sent to it or refused by it. */
const REST = 30 * 24 * 3_600_000;
const AT_ONCE = 2000;

/** Forgets servers of which nobody is left here, so that names alone fill no table (T51). Answers how many. */
export async function pruneHosts(ctx: Context, signal?: AbortSignal): Promise<number> {
  const old = { before: ctx.now() - REST, limit: AT_ONCE };
  let removed = 0;
  for (;;) {
    const count = deleteUnusedHosts(ctx.db, old);
    removed += count;
    if (count < AT_ONCE) return removed;
    signal?.throwIfAborted();
    await Bun.sleep(0);
  }
}
