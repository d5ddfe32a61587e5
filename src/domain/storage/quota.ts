import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { readSetting } from '#domain/settings.ts';
import { readQuota } from './meter.ts';
import {
  addUsage,
  deleteReservation,
  findUsage,
  insertReservation,
  sumUsage,
  type UsageTotals,
} from './queries.ts';
import { writeOwned } from './write-owned.ts';

/** Never given to photos, whatever the setting says: deleting needs some bytes itself. */
const LAST_BYTES = 2_000_000;

/** Room that is kept for an upload until it is stored or given up. */
export type Reservation = {
  readonly id: number;
  readonly accountId: number;
  readonly bytes: number;
};

type QuotaContext = Pick<Context, 'config' | 'db' | 'files'>;

/**
 * Says early, before a body is read, that an account cannot store at least so many bytes. Keeps
 * nothing: `reserveSpace` and the commit decide. Throws `out_of_space`.
 */
export function checkSpace(ctx: QuotaContext, accountId: number, bytes: number): void {
  const instance = sumUsage(ctx.db);
  // A second copy of the bytes may lie in the temp folder while the renditions are made.
  checkDisk(ctx, instance.reservedBytes + bytes);
  const own = findUsage(ctx.db, accountId);
  const quota = readQuota(ctx, own);
  if (quota !== null && (own ? total(own) : 0) + bytes > quota) {
    throw accountFull(bytes, quota - (own ? stored(own) : 0));
  }
  const limit = readSetting(ctx, 'quota.instance');
  if (limit !== 0 && total(instance) + bytes > limit) throw instanceFull();
}

/** Throws `out_of_space` if writing so many bytes would leave the disk with less than is kept free. */
export function checkDisk(ctx: QuotaContext, bytes: number): void {
  const kept = Math.max(readSetting(ctx, 'storage.min_free'), LAST_BYTES);
  if (ctx.files.freeBytes() - bytes < kept) throw diskFull();
}

/**
 * Keeps room for bytes that are certain to be stored (renditions are weighed at the commit, when
 * their size is known: an estimate would refuse an upload that fits to the byte). Throws
 * `out_of_space` if they do not fit beside what is stored and what others have reserved.
 */
export function reserveSpace(
  ctx: QuotaContext & Pick<Context, 'newId' | 'now'>,
  accountId: number,
  bytes: number,
): Reservation {
  return transaction(ctx.db, () => {
    checkSpace(ctx, accountId, bytes);
    const reservation = { id: ctx.newId(), accountId, bytes };
    writeOwned(() => addUsage(ctx.db, { accountId, originals: 0, renditions: 0, reserved: bytes }));
    insertReservation(ctx.db, { ...reservation, createdAt: ctx.now() });
    return reservation;
  });
}

/** Gives reserved room back; harmless if that was done before, or if the account is gone. */
export function releaseSpace(ctx: Pick<Context, 'db'>, reservation: Reservation): void {
  transaction(ctx.db, () => {
    const found = deleteReservation(ctx.db, reservation.id);
    if (!found) return;
    addUsage(ctx.db, {
      accountId: found.accountId,
      originals: 0,
      renditions: 0,
      reserved: -found.bytes,
    });
  });
}

/**
 * Throws `out_of_space` if what is stored now is more than allowed and more than it was before: the
 * last word on the quota, inside the transaction that stored it. What others reserved does not
 * count here, so among parallel uploads exactly those pass that fit.
 */
export function checkStored(
  ctx: Pick<Context, 'config' | 'db'>,
  accountId: number,
  before: { own: number; instance: number },
): void {
  const own = findUsage(ctx.db, accountId);
  const now = own ? stored(own) : 0;
  const quota = readQuota(ctx, own);
  if (quota !== null && now > quota && now > before.own) {
    throw accountFull(now - before.own, quota - before.own);
  }
  const limit = readSetting(ctx, 'quota.instance');
  if (limit === 0) return;
  const all = stored(sumUsage(ctx.db));
  if (all > limit && all > before.instance) throw instanceFull();
}

/** What is stored at this moment, for `checkStored`. */
export function readStored(db: Context['db'], accountId: number) {
  const own = findUsage(db, accountId);
  return { own: own ? stored(own) : 0, instance: stored(sumUsage(db)) };
}

/** The refusal when the disk itself is full, whatever the quotas say. */
export function diskFull(cause?: unknown): AppError {
  return new AppError(
    'out_of_space',
    'The disk of this server is almost full, so it takes no new photos right now. Please tell its admin.',
    { cause },
  );
}

function accountFull(needed: number, left: number): AppError {
  return new AppError(
    'out_of_space',
    `Your storage is full: this needs ${formatBytes(needed)} and ${formatBytes(Math.max(0, left))} are left. Delete something or ask the admin for more room.`,
  );
}

function instanceFull(): AppError {
  return new AppError(
    'out_of_space',
    'This server has no room left for new photos. Please tell its admin.',
  );
}

function stored(totals: UsageTotals): number {
  return totals.originalBytes + totals.renditionBytes;
}

function total(totals: UsageTotals): number {
  return stored(totals) + totals.reservedBytes;
}
