import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { randomName } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { readClosing } from '#domain/closing.ts';
import { queueJob } from '#domain/queue-job.ts';
import { checkDisk } from '#domain/storage/quota.ts';
import {
  deleteExport,
  deleteExportSchedule,
  type ExportRow,
  findExport,
  insertExport,
  listExportsOf,
  saveExportSchedule,
} from './export-queries.ts';
import { countPhotos } from './out-queries.ts';

/** What somebody can choose of an archive. */
export type ExportOptions = { renditions: boolean };

const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds that a finished archive can be fetched. */
const LIFETIME = 7 * DAY;
/** And after the last day of a place that closes. */
const LIFETIME_AFTER_END = 30 * DAY;
const EVERY = 30 * DAY;
/** Texts, sidecars and the ZIP's own records beside the photos: bytes for the whole, and for each photo. */
const TEXTS = 2_000_000;
const TEXTS_EACH = 6_000;

const optionsSchema = v.object({ renditions: v.optional(v.boolean(), false) });

/**
 * Asks for an archive of an account, which a job then makes; gives the one that is on its way if there
 * is one. Throws `out_of_space` if the disk cannot hold it.
 */
export function askArchive(ctx: Context, accountId: number, options: ExportOptions): ExportRow {
  checkRoom(ctx, accountId, options);
  return transaction(ctx.db, () => {
    const known = listExportsOf(ctx.db, accountId).find(isOnItsWay);
    if (known !== undefined) return known;
    const id = ctx.newId();
    const now = ctx.now();
    insertExport(ctx.db, { id, accountId, options: JSON.stringify(options), now });
    queueJob(ctx, 'archive.export', { exportId: id });
    const made = findExport(ctx.db, id);
    if (made === null) throw new AppError('not_found', 'There is no such account.');
    return made;
  });
}

/** Throws `out_of_space` unless an archive fits on the disk beside what is kept free. It counts toward no quota. */
export function checkRoom(
  ctx: Pick<Context, 'config' | 'db' | 'files'>,
  accountId: number,
  { renditions }: ExportOptions,
): void {
  const bytes = estimateBytes(ctx, accountId, renditions);
  try {
    checkDisk(ctx, bytes);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'out_of_space') throw error;
    const sentence = `The disk of this server has no room for your archive, which needs about ${formatBytes(bytes)}. Please tell its admin.`;
    throw new AppError('out_of_space', sentence, { cause: error });
  }
}

/** How many bytes an archive will have, a little more than less. */
export function estimateBytes(
  ctx: Pick<Context, 'db'>,
  accountId: number,
  renditions: boolean,
): number {
  const found = countPhotos(ctx.db, accountId);
  const copies = renditions ? found.renditionBytes : found.smallBytes;
  return found.originalBytes + copies + TEXTS + TEXTS_EACH * found.photos;
}

/** Until when an archive that is finished now can be fetched; where a place closes, long after its last day. */
export function endOfExport(ctx: Pick<Context, 'db'>, now: number): number {
  const closing = readClosing(ctx);
  const end = closing === null ? 0 : closing.closesAt + LIFETIME_AFTER_END;
  return Math.max(now + LIFETIME, end);
}

/** Stops an archive of the account, or throws it away; throws `not_found` for everybody else's. */
export function dropArchive(ctx: Context, accountId: number, id: number): void {
  const row = findExport(ctx.db, id);
  if (row?.accountId !== accountId) throw new AppError('not_found', 'There is no such archive.');
  transaction(ctx.db, () => deleteExport(ctx.db, id));
  if (row.file !== null && row.state === 'done') removeExportFiles(ctx, row.file);
}

/** Wishes an archive every month, the first one in a month; null: no more. */
export function scheduleArchive(
  ctx: Pick<Context, 'db' | 'now'>,
  accountId: number,
  options: ExportOptions | null,
): void {
  transaction(ctx.db, () => {
    if (options === null) deleteExportSchedule(ctx.db, accountId);
    else {
      const nextAt = ctx.now() + EVERY;
      saveExportSchedule(ctx.db, { accountId, options: JSON.stringify(options), nextAt });
    }
  });
}

/** The finished archive with that id, for its owner alone and until its day; throws `not_found`, `gone`. */
export function findReadyExport(
  ctx: Pick<Context, 'db' | 'files' | 'now'>,
  accountId: number,
  id: number,
): { row: ExportRow & { file: string; bytes: number; finishedAt: number }; path: string } {
  const row = findExport(ctx.db, id);
  const missing = new AppError('not_found', 'There is no such archive.');
  if (row?.accountId !== accountId || row.state !== 'done') throw missing;
  const { file, bytes, finishedAt, expiresAt } = row;
  if (file === null || bytes === null || finishedAt === null) throw missing;
  const path = exportPaths(ctx, file).whole;
  if (ctx.now() >= (expiresAt ?? 0) || !existsSync(path)) {
    throw new AppError('gone', 'This archive was removed. Ask for a new one in the settings.');
  }
  return { row: { ...row, file, bytes, finishedAt }, path };
}

/** Whether an archive is being made or waits for that. */
export function isOnItsWay(row: Pick<ExportRow, 'state'>): boolean {
  return row.state === 'waiting' || row.state === 'running';
}

/** What was asked for. */
export function readOptions(row: { options: string }): ExportOptions {
  const read = v.safeParse(optionsSchema, JSON.parse(row.options));
  return read.success ? read.output : { renditions: false };
}

/** A fresh name that says nothing. */
export function newExportName(): string {
  return randomName(16);
}

/** Where an archive lies: while it grows, with what lies around meanwhile, and when it is whole. */
export function exportPaths(ctx: Pick<Context, 'files'>, name: string) {
  const path = (extension: string) => join(ctx.files.exports, `${name}${extension}`);
  return { whole: path('.zip'), part: path('.part'), scratch: path('.work') };
}

/** Removes whatever there is of an archive. */
export function removeExportFiles(ctx: Pick<Context, 'files'>, name: string): void {
  for (const path of Object.values(exportPaths(ctx, name))) {
    rmSync(path, { recursive: true, force: true });
  }
}
