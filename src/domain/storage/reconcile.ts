import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { countUsage, findUsage, listStoringAccounts, setUsage } from './queries.ts';

export type Drift = {
  accountId: number;
  /** What the rows add up to, less what the meter said, bytes. */
  originals: number;
  renditions: number;
  reserved: number;
};

/**
 * Compares every meter with the files that it counts, sets what differs right and answers it; an
 * empty list is what should be. One short transaction an account, with a pause for requests between.
 */
export async function reconcileUsage(ctx: Pick<Context, 'db' | 'log'>): Promise<Drift[]> {
  const drifts: Drift[] = [];
  for (const accountId of listStoringAccounts(ctx.db)) {
    const drift = transaction(ctx.db, () => reconcileAccount(ctx, accountId));
    if (drift) {
      drifts.push(drift);
      ctx.log.warn('The storage meter of an account was wrong and is corrected.', drift);
    }
    await Bun.sleep(0);
  }
  return drifts;
}

function reconcileAccount(ctx: Pick<Context, 'db'>, accountId: number): Drift | null {
  const counted = countUsage(ctx.db, accountId);
  const metered = findUsage(ctx.db, accountId);
  const drift = {
    accountId,
    originals: counted.originalBytes - (metered?.originalBytes ?? 0),
    renditions: counted.renditionBytes - (metered?.renditionBytes ?? 0),
    reserved: counted.reservedBytes - (metered?.reservedBytes ?? 0),
  };
  if (drift.originals === 0 && drift.renditions === 0 && drift.reserved === 0) return null;
  setUsage(ctx.db, accountId, counted);
  return drift;
}
