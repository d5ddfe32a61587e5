import { constants } from 'node:fs';
import { access, open, rename, stat } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { requireOpen } from '#domain/closing.ts';
import { cleanLine } from '#domain/posts/caption.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { checkDisk } from '#domain/storage/quota.ts';
import { toSpaceError } from '#domain/storage/space-error.ts';
import { copyIn, importPath, newImportName, removeImportFiles } from './import-files.ts';
import type { ImportFormat } from './import-item.ts';
import type { ImportOptions } from './import-options.ts';
import {
  dropOldReports,
  findImport,
  type ImportRow,
  insertImport,
  listImports,
  moveImport,
  saveFile,
  saveFormat,
} from './import-queries.ts';
import { queueImport } from './import-work.ts';

/** An archive may be larger than what of it is kept: other people's words, videos, sizes for viewing. */
const MARGIN = 2_000_000_000;
const LONGEST_NAME = 200;
/** Imports whose reports are kept whole; of older ones only what they brought. */
const REPORTS = 3;
const OPEN = ['uploading', 'uploaded', 'reading', 'read', 'importing', 'paused', 'removing'];

export type NewImport = {
  fileName: string;
  bytes: number;
  format?: ImportFormat | null;
  options?: Partial<ImportOptions>;
};

/**
 * Begins an import whose file is still to come. One that waits for its file or for a choice gives way,
 * and files of earlier ones go; one at work does not (`conflict`). Throws `too_large` or `out_of_space`
 * before a byte is sent.
 */
export async function beginUpload(
  ctx: Context,
  viewer: Viewer,
  input: NewImport,
): Promise<ImportRow> {
  requireOpen(ctx);
  const most = largestArchive(ctx, viewer.id);
  if (input.bytes > most) {
    const sentence = `An archive can have ${formatBytes(most)} at most: twice the room that you have left.`;
    throw new AppError('too_large', sentence);
  }
  if (input.bytes < 1) throw new AppError('invalid', 'This file is empty.');
  checkDisk(ctx, input.bytes);
  const file = newImportName();
  const made = await open(importPath(ctx, file), 'wx', 0o600);
  await made.close();
  const id = ctx.newId();
  const fileName = cleanLine(input.fileName).slice(0, LONGEST_NAME);
  const options = JSON.stringify(input.options ?? {});
  const begin = () => {
    const old = giveWay(ctx, viewer);
    insertImport(ctx.db, {
      ...{ id, accountId: viewer.id, state: 'uploading', file, bytes: input.bytes },
      ...{ fileName, options, now: ctx.now() },
    });
    if (input.format) saveFormat(ctx.db, id, input.format);
    dropOldReports(ctx.db, viewer.id, REPORTS);
    return old;
  };
  let gone = [file];
  try {
    // All at once: of several that begin at the same moment one is left.
    gone = transaction(ctx.db, begin);
  } finally {
    for (const name of gone) await removeImportFiles(ctx, name);
  }
  return readOwnImport(ctx, viewer, id);
}

/** Bytes that an archive may have at most for somebody. */
export function largestArchive(ctx: Context, accountId: number): number {
  const { quotaBytes, usedBytes } = readMeter(ctx, accountId);
  return quotaBytes === null
    ? Number.MAX_SAFE_INTEGER
    : Math.max(0, quotaBytes - usedBytes) * 2 + MARGIN;
}

/** Answers the files that nobody needs any more. */
function giveWay(ctx: Context, viewer: Viewer): string[] {
  return listImports(ctx.db, viewer.id, 20).flatMap((row) => {
    const gave = moveImport(ctx.db, row.id, ['uploading', 'uploaded', 'read'], {
      ...{ state: 'cancelled', detail: 'Another file was brought.', now: ctx.now() },
    });
    if (!gave && OPEN.includes(row.state)) {
      throw new AppError('conflict', 'Another import is at work. Wait for it, or cancel it first.');
    }
    saveFile(ctx.db, row.id, null);
    return row.file ?? [];
  });
}

/** An import of the viewer's own; somebody else's throws `not_found` like one that is not there. */
export function readOwnImport(ctx: Pick<Context, 'db'>, viewer: Viewer, id: number): ImportRow {
  const row = findImport(ctx.db, id);
  if (row?.accountId !== viewer.id) {
    throw new AppError('not_found', 'There is no such import.');
  }
  return row;
}

/** Bytes that have come so far. */
export async function uploadedBytes(ctx: Context, row: ImportRow): Promise<number> {
  if (row.file === null) return 0;
  return (await stat(importPath(ctx, row.file)).catch(() => null))?.size ?? 0;
}

/**
 * Writes the next bytes of a file that comes in pieces. `offset` must be what has come so far
 * (`conflict` otherwise, and what came is kept). When all is there the reading begins. Answers what has
 * come.
 */
export async function appendUpload(
  ctx: Context,
  viewer: Viewer,
  id: number,
  offset: number,
  bytes: Uint8Array,
): Promise<number> {
  const row = readOwnImport(ctx, viewer, id);
  if (row.state !== 'uploading' || row.file === null) {
    throw new AppError('conflict', 'This file is not waited for.');
  }
  const before = await uploadedBytes(ctx, row);
  if (offset !== before) {
    throw new AppError('conflict', `${before} bytes have come so far; go on from there.`);
  }
  if (before + bytes.length > row.bytes) {
    throw new AppError('too_large', 'This is more than the file was said to have.');
  }
  checkDisk(ctx, bytes.length);
  await append(importPath(ctx, row.file), offset, bytes);
  const now = before + bytes.length;
  if (now === row.bytes) finishUpload(ctx, id);
  return now;
}

async function append(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (let at = 0; at < bytes.length; ) {
      at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
    }
    await file.sync();
  } catch (error) {
    await file.truncate(offset).catch(() => undefined);
    throw toSpaceError(error);
  } finally {
    await file.close();
  }
}

/** The file is whole: it is read next, by the job. */
function finishUpload(ctx: Context, id: number): void {
  transaction(ctx.db, () => {
    moveImport(ctx.db, id, ['uploading'], { state: 'uploaded', detail: null, now: ctx.now() });
    queueImport(ctx, id);
  });
}

/**
 * Begins an import of a file that is on this machine: moved if it is ours (an upload in the temp
 * folder), else copied. Without `queue` nobody reads it but who asks for it.
 */
export async function adoptFile(
  ctx: Context,
  viewer: Viewer,
  path: string,
  input: Omit<NewImport, 'bytes'> & { ours: boolean; queue: boolean },
): Promise<ImportRow> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new AppError('not_found', `There is no file ${path}.`);
  const row = await beginUpload(ctx, viewer, { ...input, bytes: found.size });
  const file = row.file ?? '';
  await removeImportFiles(ctx, file);
  try {
    await access(path, constants.R_OK);
    if (input.ours) await rename(path, importPath(ctx, file));
    else await copyIn(ctx, path, file);
  } catch (error) {
    const now = ctx.now();
    const detail = 'The file could not be copied.';
    moveImport(ctx.db, row.id, ['uploading'], { state: 'failed', detail, now });
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EACCES' && code !== 'EPERM') throw toSpaceError(error);
    const sentence = `Tintype may not read ${path}. Let its user read it, or copy it to a place where it may.`;
    throw new AppError('forbidden', sentence, { cause: error });
  }
  if (input.queue) finishUpload(ctx, row.id);
  else
    moveImport(ctx.db, row.id, ['uploading'], { state: 'uploaded', detail: null, now: ctx.now() });
  return readOwnImport(ctx, viewer, row.id);
}
