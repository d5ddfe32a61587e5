import { statSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { readCacheUse } from '#domain/media/cache-room.ts';
import { readInstanceMeter } from '#domain/storage/meter.ts';
import { deleteStorageDays, saveStorageDay } from './storage-day-queries.ts';

const DAY = 24 * 3_600_000;
const KEPT_DAYS = 800;

/** Notes what is stored today, for the chart of growth; once more a day writes over it. */
export function recordStorage(ctx: Pick<Context, 'config' | 'db' | 'files' | 'now'>): string {
  const day = Math.floor(ctx.now() / DAY) * DAY;
  const { originalsBytes, renditionsBytes, diskFreeBytes } = readInstanceMeter(ctx);
  const row = {
    day,
    originals: originalsBytes,
    renditions: renditionsBytes,
    cache: readCacheUse(ctx).bytes,
    database: statSync(ctx.files.database).size,
    free: diskFreeBytes,
  };
  transaction(ctx.db, () => {
    saveStorageDay(ctx.db, row);
    deleteStorageDays(ctx.db, day - KEPT_DAYS * DAY);
  });
  return 'noted';
}
