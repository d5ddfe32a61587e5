import type { Context } from '#base/context.ts';
import { ruleOf } from '#domain/policy/read-policy.ts';
import { deleteCutItems, giveUpDeliveries, listWaitingHosts } from './letter-queries.ts';

const AT_ONCE = 500;
const REASON = 'This server is blocked here.';

/**
 * Gives up what waits to be sent to blocked domains, where the author sees it, and forgets what came
 * from them and is not worked off yet; their accounts are cut by then. Doing it twice changes nothing.
 */
export async function dropLetters(ctx: Context, signal?: AbortSignal): Promise<void> {
  for (const host of listWaitingHosts(ctx.db)) {
    if (ruleOf(ctx.db, host) !== 'block') continue;
    await inSteps(signal, () =>
      giveUpDeliveries(ctx.db, { host, reason: REASON, now: ctx.now(), limit: AT_ONCE }),
    );
  }
  await inSteps(signal, () => deleteCutItems(ctx.db, AT_ONCE));
}

async function inSteps(signal: AbortSignal | undefined, step: () => number): Promise<void> {
  while (step() === AT_ONCE) {
    signal?.throwIfAborted();
    await Bun.sleep(0);
  }
}
