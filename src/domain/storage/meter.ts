import type { Context } from '#base/context.ts';
import { readSetting } from '#domain/settings.ts';
import { findUsage, findUsages, sumUsage, type UsageRow } from './queries.ts';

/** What is stored and what may be, in bytes; renditions count every file that is no original. */
export type Meter = {
  usedBytes: number;
  /** null: no limit. */
  quotaBytes: number | null;
  originalsBytes: number;
  renditionsBytes: number;
};

export type InstanceMeter = Meter & { diskFreeBytes: number; minFreeBytes: number };

type MeterContext = Pick<Context, 'config' | 'db'>;

/** The quota that holds for an account in bytes, null for no limit: its own before the common one, 0 means none. */
export function readQuota(ctx: MeterContext, usage: Pick<UsageRow, 'quotaBytes'> | null) {
  const bytes = usage?.quotaBytes ?? readSetting(ctx, 'quota.account');
  return bytes === 0 ? null : bytes;
}

/** What one account stores. */
export function readMeter(ctx: MeterContext, accountId: number): Meter {
  return toMeter(ctx, findUsage(ctx.db, accountId));
}

/** What each of many accounts stores, in one statement; every asked account is in the answer. */
export function readMeters(ctx: MeterContext, accountIds: readonly number[]): Map<number, Meter> {
  const rows = new Map(findUsages(ctx.db, accountIds).map((row) => [row.accountId, row]));
  return new Map(accountIds.map((id) => [id, toMeter(ctx, rows.get(id) ?? null)]));
}

/** What the whole instance stores, and how full its disk is. */
export function readInstanceMeter(ctx: MeterContext & Pick<Context, 'files'>): InstanceMeter {
  const totals = sumUsage(ctx.db);
  const quota = readSetting(ctx, 'quota.instance');
  return {
    usedBytes: totals.originalBytes + totals.renditionBytes,
    quotaBytes: quota === 0 ? null : quota,
    originalsBytes: totals.originalBytes,
    renditionsBytes: totals.renditionBytes,
    diskFreeBytes: ctx.files.freeBytes(),
    minFreeBytes: readSetting(ctx, 'storage.min_free'),
  };
}

function toMeter(ctx: MeterContext, usage: UsageRow | null): Meter {
  const originalsBytes = usage?.originalBytes ?? 0;
  const renditionsBytes = usage?.renditionBytes ?? 0;
  return {
    usedBytes: originalsBytes + renditionsBytes,
    quotaBytes: readQuota(ctx, usage),
    originalsBytes,
    renditionsBytes,
  };
}
