import { renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findLogin } from '#domain/accounts/login-queries.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { queueJob } from '#domain/queue-job.ts';
import { holdRemoval } from '#domain/storage/hold-removal.ts';
import { checkDisk } from '#domain/storage/quota.ts';
import { writeInChild } from './archive-child.ts';
import {
  beginExport,
  deleteExport,
  type ExportRow,
  failExport,
  findExport,
  finishExport,
  listExportsOf,
  updateProgress,
} from './export-queries.ts';
import {
  checkRoom,
  endOfExport,
  exportPaths,
  isOnItsWay,
  newExportName,
  readOptions,
  removeExportFiles,
} from './exports.ts';
import { configForChild } from './out-context.ts';
import type { ArchiveProgress, WrittenArchive } from './write-archive.ts';

const MOST_TRIES = 3;
const TELL_EVERY = 1000;

/**
 * Handler of the job `archive.export`: has the archive written under a name that nobody knows, and
 * only when it is whole and durable the row says so. Begun again after a crash, it begins anew.
 */
export async function runExport(
  ctx: Context,
  { exportId }: { exportId: number },
  signal: AbortSignal,
): Promise<void> {
  const row = findExport(ctx.db, exportId);
  if (row === null || !isOnItsWay(row)) return;
  if (row.file !== null) removeExportFiles(ctx, row.file);
  if (row.tries >= MOST_TRIES) {
    return fail(ctx, row, 'It could not be made in three tries; the log of the server says more.');
  }
  const name = newExportName();
  transaction(ctx.db, () => beginExport(ctx.db, row.id, name));
  try {
    const options = readOptions(row);
    checkRoom(ctx, row.accountId, options);
    const written = await write(ctx, row, name, options.renditions, signal);
    await store(ctx, row, name, written);
  } catch (error) {
    removeExportFiles(ctx, name);
    if (findExport(ctx.db, row.id) === null) return;
    if (!(error instanceof AppError)) throw error;
    fail(ctx, row, error.message);
  }
}

function fail(ctx: Context, row: ExportRow, detail: string): void {
  transaction(ctx.db, () => failExport(ctx.db, row.id, detail, ctx.now()));
  ctx.log.warn('An archive could not be made.', { account: row.accountId, detail });
}

async function write(
  ctx: Context,
  row: ExportRow,
  name: string,
  renditions: boolean,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  const paths = exportPaths(ctx, name);
  const enough = new AbortController();
  const order = {
    config: configForChild(ctx.config),
    accountId: row.accountId,
    renditions,
    to: paths.part,
    scratch: paths.scratch,
  };
  let told = 0;
  const tell = ({ done, total }: ArchiveProgress) => {
    const now = Date.now();
    if (now - told < TELL_EVERY && done < total) return;
    told = now;
    // Stopped by the person, or photos of others need the last of the disk.
    if (findExport(ctx.db, row.id) === null) return enough.abort(new Error('Nobody wants it.'));
    try {
      checkDisk(ctx, 0);
    } catch (error) {
      return enough.abort(error);
    }
    transaction(ctx.db, () => updateProgress(ctx.db, { id: row.id, done, total }));
  };
  const letGo = ctx.config.mediaBucket === null ? null : holdPlaced(ctx);
  try {
    return await writeInChild(order, tell, AbortSignal.any([signal, enough.signal]));
  } finally {
    letGo?.();
  }
}

/** Links keep files on the disk; those in the bucket are kept by nobody removing them. */
function holdPlaced(ctx: Context): () => void {
  const release = holdRemoval(ctx.db);
  return () => {
    release();
    queueJob(ctx, 'storage.remove_files', {}, { uniqueKey: 'all' });
  };
}

/** The file gets its name, then the row says so; the one before it goes. */
async function store(
  ctx: Context,
  row: ExportRow,
  name: string,
  { bytes, problems }: WrittenArchive,
): Promise<void> {
  const { part, whole } = exportPaths(ctx, name);
  renameSync(part, whole);
  const folder = await open(ctx.files.exports, 'r');
  await folder.sync();
  await folder.close();
  const now = ctx.now();
  const detail =
    problems.length === 0
      ? null
      : `${problems.length} ${problems.length === 1 ? 'file' : 'files'} could not be put in; README.txt in the archive names them.`;
  const old = listExportsOf(ctx.db, row.accountId).filter((each) => each.id < row.id);
  transaction(ctx.db, () => {
    const expiresAt = endOfExport(ctx, now);
    if (!finishExport(ctx.db, { id: row.id, bytes, detail, now, expiresAt })) {
      throw new Error('Nobody wants this archive any more.');
    }
    for (const { id } of old) deleteExport(ctx.db, id);
    sendWord(ctx, row.accountId);
  });
  for (const { file } of old) if (file !== null) removeExportFiles(ctx, file);
  ctx.log.info('An archive was made.', { account: row.accountId, bytes });
}

function sendWord(ctx: Context, accountId: number): void {
  const account = findAccount(ctx.db, accountId);
  const to = findLogin(ctx.db, accountId)?.email;
  if (ctx.config.mail === null || account === null || to === undefined) return;
  const origin = originOf(ctx.config);
  const text = `The archive of @${account.username} is ready. Sign in and fetch it within seven days:\n\n${origin}/settings/archive\n`;
  queueJob(ctx, 'mail.send', { to, subject: 'Your archive is ready', text });
}
