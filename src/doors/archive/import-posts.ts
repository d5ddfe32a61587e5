import { open } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { importPost } from '#domain/posts/import-post.ts';
import { narrower } from '#domain/posts/visibility.ts';
import { scratchPath } from './import-files.ts';
import type { ImportItem, PlannedPost } from './import-item.ts';
import { type PhotoSource, takeImportPhotos } from './import-photos.ts';
import { countDone, type ItemRow, savePhotos, settleItem } from './import-queries.ts';
import { parseItem } from './import-read.ts';
import { importWords as words } from './import-words.ts';
import { planPath } from './read-plan.ts';

/** Reads an item as it was planned. */
export async function readItem(
  ctx: Context,
  file: string,
  { planAt, planBytes }: Pick<ItemRow, 'planAt' | 'planBytes'>,
): Promise<ImportItem> {
  const plan = await open(planPath(scratchPath(ctx, file)), 'r');
  try {
    const line = Buffer.alloc(planBytes);
    await plan.read(line, 0, planBytes, planAt);
    return parseItem(line.toString('utf8'));
  } finally {
    await plan.close();
  }
}

/** Takes one post in, with its photos. Throws `out_of_space`, and what ends the work. */
export async function takeImportPost(
  ctx: Context,
  viewer: Viewer,
  importId: number,
  row: ItemRow,
  source: PhotoSource,
): Promise<void> {
  const item = await readItem(ctx, source.file, row);
  const post = item.kind === 'post' ? item.post : null;
  if (post === null) return end(ctx, importId, row, 'failed', words.broken);
  const known = JSON.parse(row.photos) as (number | null)[];
  const { ids, notes } = await takeImportPhotos(ctx, source, post.photos, known, (stored) =>
    savePhotos(ctx.db, importId, row.position, stored),
  );
  if (post.photos.length > 0 && ids.length === 0) {
    return end(ctx, importId, row, 'failed', notes[0] ?? words.noPhoto);
  }
  const said = [...item.notes, ...notes].join(' ');
  try {
    writeAll(ctx, viewer, { importId, row, post, ids, said, source });
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'out_of_space') throw error;
    transaction(ctx.db, () => removeMedia(ctx, ids));
    end(ctx, importId, row, 'failed', error.message);
  }
}

function writeAll(
  ctx: Context,
  viewer: Viewer,
  work: {
    importId: number;
    row: ItemRow;
    post: PlannedPost;
    ids: readonly number[];
    said: string;
    source: PhotoSource;
  },
): void {
  const { importId, row, post, ids, said, source } = work;
  const visibility = narrower(post.visibility, source.options.visibility);
  const wanted = { ...post, source: row.source, visibility, mediaIds: ids };
  importPost(ctx, viewer, wanted, ({ postId, made }) => {
    // Somebody was faster: another import of the same archive.
    if (!made) removeMedia(ctx, ids);
    settleItem(ctx.db, importId, {
      position: row.position,
      outcome: made ? 'done' : 'skipped',
      reason: made ? said || null : words.already,
      postId: made ? postId : null,
    });
    countDone(ctx.db, importId, 1, ctx.now());
  });
}

function end(
  ctx: Context,
  importId: number,
  { position }: ItemRow,
  outcome: 'failed' | 'skipped',
  reason: string,
): void {
  transaction(ctx.db, () => {
    settleItem(ctx.db, importId, { position, outcome, reason, postId: null });
    countDone(ctx.db, importId, 1, ctx.now());
  });
}
