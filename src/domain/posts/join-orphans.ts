import type { Context } from '#base/context.ts';
import { mayAnswer, placeBelow } from './answering.ts';
import { recountReplies } from './count-queries.ts';
import { adoptPost, findOrphans, isAbove } from './remote-queries.ts';
import type { PostRow } from './rows.ts';

/** Comments that find their post at once; who has more waiting waits for the next comment or a fetch of the thread. */
const AT_ONCE = 500;

/**
 * Puts comments that arrived before their post below it, as its author allows; never in a circle
 * (T48). Only inside the caller's transaction.
 */
export function joinOrphans(ctx: Context, parent: PostRow, uri: string): void {
  const orphans = findOrphans(ctx.db, uri, AT_ONCE);
  for (const orphan of orphans) {
    if (!mayAnswer(ctx, orphan.accountId, parent) || isAbove(ctx.db, orphan.id, parent.id))
      continue;
    adoptPost(ctx.db, {
      id: orphan.id,
      parentId: parent.id,
      parentAccountId: parent.accountId,
      ...placeBelow(orphan, parent),
    });
  }
  if (orphans.length > 0) recountReplies(ctx.db, parent.id);
}
