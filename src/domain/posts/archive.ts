import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { countPost, countReply } from './count-queries.ts';
import { countsAsReply, countsForAccount } from './counting.ts';
import { findPost, updateArchived } from './queries.ts';
import { readOwnPost } from './reading.ts';
import type { PostRow } from './rows.ts';
import { tellGone } from './tell-gone.ts';

/** Hides a post from everybody but its author. Throws `not_found` unless it is the viewer's. */
export function archivePost(ctx: Context, viewer: Viewer, id: number): PostRow {
  return putAway(ctx, viewer, id, true);
}

/** Shows an archived post again where it was. Throws `not_found` unless it is the viewer's. */
export function restorePost(ctx: Context, viewer: Viewer, id: number): PostRow {
  return putAway(ctx, viewer, id, false);
}

function putAway(ctx: Context, viewer: Viewer, id: number, away: boolean): PostRow {
  const changed = transaction(ctx.db, () => {
    const post = readOwnPost(ctx, viewer, id);
    if ((post.archivedAt !== null) === away) return false;
    updateArchived(ctx.db, id, away ? ctx.now() : null);
    if (away) tellGone(ctx, post, viewer.username);
    else federate(ctx, { what: 'post', postId: id, change: 'create' });
    const shown = { ...post, archivedAt: null };
    const change = away ? -1 : 1;
    if (countsForAccount(shown)) countPost(ctx.db, post.accountId, change);
    const parent = post.inReplyToId === null ? null : findPost(ctx.db, post.inReplyToId);
    if (parent && countsAsReply(shown, parent)) countReply(ctx.db, parent.id, change);
    return true;
  });
  if (changed) emitLive(ctx, 'post.edited', { postId: id, accountId: viewer.id });
  return readOwnPost(ctx, viewer, id);
}
