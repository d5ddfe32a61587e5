import type { Context } from '#base/context.ts';
import { deleteOld } from '#doors/federation/inbound/inbox-queries.ts';
import { deleteUnusedHosts } from './host-queries.ts';

const DAY = 24 * 3_600_000;
/** Signatures are good for 13 hours, and others go on trying to deliver for about a week. */
const SEEN_KEPT = 8 * DAY;
const PARKED_KEPT = 30 * DAY;
const HOST_KEPT = 30 * DAY;
const AT_ONCE = 2000;

/**
 * Forgets what federation needed for a while: what was seen of late, activities of features to come,
 * servers of which nobody is left here (T51). Answers how many rows went.
 */
export async function pruneMemory(ctx: Context, signal?: AbortSignal): Promise<number> {
  const now = ctx.now();
  const old = { seen: now - SEEN_KEPT, parked: now - PARKED_KEPT, limit: AT_ONCE };
  const hosts = { before: now - HOST_KEPT, limit: AT_ONCE };
  const letters = await repeat(() => deleteOld(ctx.db, old), signal);
  return letters + (await repeat(() => deleteUnusedHosts(ctx.db, hosts), signal));
}

async function repeat(step: () => number, signal: AbortSignal | undefined): Promise<number> {
  let removed = 0;
  for (;;) {
    const count = step();
    removed += count;
    if (count < AT_ONCE) return removed;
    signal?.throwIfAborted();
    await Bun.sleep(0);
  }
}
