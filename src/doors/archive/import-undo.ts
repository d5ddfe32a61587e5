import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { findPost } from '#domain/posts/queries.ts';
import { removeImportFiles } from './import-files.ts';
import { takeBackPerson } from './import-people.ts';
import {
  type ImportRow,
  type ItemRow,
  listBrought,
  moveImport,
  saveFile,
  settleItem,
} from './import-queries.ts';

const BATCH = 20;
const TAKEN_BACK = 'It was taken away again.';

/**
 * Takes away what an import brought, the last first, until the time `end` (as `performance.now` says)
 * is over. Answers 0 if there is more; null when nothing of it is left.
 */
export async function removeSome(
  ctx: Context,
  row: ImportRow,
  viewer: Viewer,
  end: number,
  signal: AbortSignal,
): Promise<number | null> {
  for (;;) {
    if (signal.aborted) throw signal.reason;
    if (performance.now() > end) return 0;
    const items = listBrought(ctx.db, row.id, BATCH);
    if (items.length === 0) break;
    for (const item of items) removeOne(ctx, row.id, viewer, item);
    await Bun.sleep(1);
  }
  await removeImportFiles(ctx, row.file);
  saveFile(ctx.db, row.id, null);
  moveImport(ctx.db, row.id, ['removing'], { state: 'removed', detail: null, now: ctx.now() });
  return null;
}

function removeOne(ctx: Context, importId: number, viewer: Viewer, item: ItemRow): void {
  const { position, postId, kind, source } = item;
  transaction(ctx.db, () => {
    const post = postId === null ? null : findPost(ctx.db, postId);
    if (post?.accountId === viewer.id) deletePost(ctx, viewer, post.id);
    else if (postId === null) takeBackPerson(ctx, viewer, kind, source.slice(kind.length + 1));
    settleItem(ctx.db, importId, {
      position,
      outcome: 'skipped',
      reason: TAKEN_BACK,
      postId: null,
    });
  });
}
