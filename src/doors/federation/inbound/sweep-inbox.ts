import type { Context } from '#base/context.ts';
import { deleteOld } from './inbox-queries.ts';

const DAY = 86_400_000;
/** Days; a signature is too old after half of one. */
const KEEP_SEEN = 7;
const KEEP_PARKED = 30;
const AT_ONCE = 500;

/**
 * Forgets which activities were seen, once nobody could send them again, and what was parked too long.
 * Says how many rows those were.
 */
export async function sweepInbox(ctx: Context, signal?: AbortSignal): Promise<number> {
  const now = ctx.now();
  const before = { seen: now - KEEP_SEEN * DAY, parked: now - KEEP_PARKED * DAY, limit: AT_ONCE };
  let all = 0;
  for (;;) {
    const removed = deleteOld(ctx.db, before);
    all += removed;
    if (removed < AT_ONCE) return all;
    signal?.throwIfAborted();
    await Bun.sleep(0);
  }
}
