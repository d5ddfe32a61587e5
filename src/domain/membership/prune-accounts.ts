import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteAccountRow } from '#domain/accounts/queries.ts';
import { forgetPictures } from '#domain/media/forget-pictures.ts';
import { isUnused, listRemoteWithUse } from './prune-queries.ts';

/** Milliseconds since an account was last read: who was just looked up is still needed. */
const REST = 30 * 24 * 3_600_000;
const AT_ONCE = 100;

/**
 * Removes accounts of other servers that nothing here names any more: no post, like, boost, follow,
 * block, mention or report. They come back when they are met again. Answers how many went.
 */
export async function pruneRemoteAccounts(ctx: Context, signal?: AbortSignal): Promise<number> {
  const before = ctx.now() - REST;
  let removed = 0;
  let after = 0;
  for (;;) {
    const page = listRemoteWithUse(ctx.db, { after, before, limit: AT_ONCE });
    const unused = page.filter((row) => row.unused === 1).map((row) => row.id);
    removed += await remove(ctx, unused);
    const last = page.at(-1);
    if (last === undefined || page.length < AT_ONCE) return removed;
    after = last.id;
    signal?.throwIfAborted();
    await Bun.sleep(0);
  }
}

async function remove(ctx: Context, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const gone = transaction(ctx.db, () => {
    const still = ids.filter((id) => isUnused(ctx.db, id));
    for (const id of still) deleteAccountRow(ctx.db, id);
    return still;
  });
  for (const id of gone) {
    await forgetPictures(ctx, { kind: 'avatar', id });
    await forgetPictures(ctx, { kind: 'header', id });
  }
  return gone.length;
}
