import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findOwnMedia } from '#domain/media/reading.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { removeImportFiles } from './import-files.ts';
import { type ImportOptions, unwanted } from './import-options.ts';
import {
  type ImportState,
  listWaitingPhotos,
  moveImport,
  planAgain,
  saveFile,
  saveOptions,
  skipItems,
} from './import-queries.ts';
import { readOwnImport } from './import-upload.ts';
import { importWords as words } from './import-words.ts';
import { queueImport } from './import-work.ts';

/** Begins to take in what was read, as the person chose; again after a change of mind or a failure. */
export function startImport(
  ctx: Context,
  viewer: Viewer,
  id: number,
  options: ImportOptions,
  queue = true,
): void {
  const row = readOwnImport(ctx, viewer, id);
  if (row.file === null)
    throw new AppError('gone', 'The file is not here any more; bring it again.');
  transaction(ctx.db, () => {
    move(ctx, id, ['read', 'paused', 'done', 'cancelled'], 'importing');
    saveOptions(ctx.db, id, JSON.stringify(options));
    planAgain(ctx.db, id, [words.textPost, words.notWanted]);
    for (const { kinds, reason } of unwanted(options)) skipItems(ctx.db, id, kinds, reason);
    if (queue) queueImport(ctx, id);
  });
}

/** Stops after the photo at hand; what is in stays. */
export function pauseImport(ctx: Context, viewer: Viewer, id: number): void {
  readOwnImport(ctx, viewer, id);
  move(ctx, id, ['importing'], 'paused');
}

/** Ends an import for good; what is in stays, the file goes. */
export async function cancelImport(ctx: Context, viewer: Viewer, id: number): Promise<void> {
  const row = readOwnImport(ctx, viewer, id);
  move(ctx, id, ['uploading', 'uploaded', 'reading', 'read', 'importing', 'paused'], 'cancelled');
  const waiting = listWaitingPhotos(ctx.db, id).filter(
    (photo) => findOwnMedia(ctx.db, viewer.id, photo)?.postId === null,
  );
  transaction(ctx.db, () => {
    removeMedia(ctx, waiting);
    saveFile(ctx.db, id, null);
  });
  await removeImportFiles(ctx, row.file);
}

/** Begins to take away everything that an import brought. */
export function undoImport(ctx: Context, viewer: Viewer, id: number): void {
  readOwnImport(ctx, viewer, id);
  transaction(ctx.db, () => {
    move(ctx, id, ['importing', 'paused', 'done', 'cancelled'], 'removing');
    queueImport(ctx, id);
  });
}

function move(ctx: Context, id: number, from: readonly ImportState[], state: ImportState): void {
  if (moveImport(ctx.db, id, from, { state, detail: null, now: ctx.now() })) return;
  throw new AppError('conflict', 'This import is at another point by now. Look at it again.');
}
