import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteCode } from '#domain/accounts/code-queries.ts';
import { deleteAccountRow, findAccount } from '#domain/accounts/queries.ts';
import { retireUsername } from '#domain/accounts/retired-queries.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { ownActorUri } from '#domain/own-address.ts';
import { dropReactions } from '#domain/posts/drop-reactions.ts';
import { erasePostsOf } from '#domain/posts/erase-account.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { insertTombstone } from '#domain/posts/remote-queries.ts';
import { queueJob } from '#domain/queue-job.ts';
import { dropFollows } from '#domain/relationships/drop-follows.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { findBlobNamesOf, findMediaIdsOf } from './queries.ts';

const AT_ONCE = 50;

/**
 * Handler of the job `membership.purge`: everything of an account goes once its day has come, in
 * steps short enough that pages keep answering. It may be interrupted and run again; an account
 * whose deletion was called off, or that is gone, is left alone.
 */
export async function purgeAccount(
  ctx: Context,
  { accountId }: { accountId: number },
  signal?: AbortSignal,
): Promise<void> {
  if (!isDue(ctx, accountId)) return;
  while (erasePostsOf(ctx, accountId)) await nextTurn(signal);
  while (removeLooseMedia(ctx, accountId)) await nextTurn(signal);
  while (dropReactions(ctx, accountId)) await nextTurn(signal);
  transaction(ctx.db, () => {
    // A post or an upload that was on its way may have arrived since: then the job comes again.
    if (erasePostsOf(ctx, accountId) || removeLooseMedia(ctx, accountId)) {
      throw new Error('The account still gets posts or uploads.');
    }
    dropReactions(ctx, accountId);
    dropFollows(ctx, accountId);
    removeBlobs(ctx, findBlobNamesOf(ctx.db, accountId));
    deleteCode(ctx.db, 'reset', accountId);
    sayFarewell(ctx, accountId);
    deleteAccountRow(ctx.db, accountId);
  });
  emitLive(ctx, 'account.changed', { accountId });
  ctx.log.info('An account was deleted with everything in it.', { accountId });
}

/** Other servers delete what they have of it; its name and its id are nobody's from now on. */
function sayFarewell(ctx: Context, accountId: number): void {
  const account = findAccount(ctx.db, accountId);
  if (!account || account.domain !== null) return;
  const { username } = account;
  retireUsername(ctx.db, username, ctx.now());
  const uri = ownActorUri(ctx.config, username);
  insertTombstone(ctx.db, { uri, open: !isClosed(ctx), now: ctx.now() });
  federate(ctx, { what: 'farewell', accountId, username });
}

/** Whether the account's last day has come; a day that was moved gets a job of its own. */
function isDue(ctx: Context, accountId: number): boolean {
  const account = findAccount(ctx.db, accountId);
  if (!account || account.deletionAt === null || account.role === 'owner') return false;
  if (account.deletionAt <= ctx.now()) return true;
  const options = { runAt: account.deletionAt, uniqueKey: String(accountId) };
  queueJob(ctx, 'membership.purge', { accountId }, options);
  return false;
}

/** Removes the next photos of no post; true when there are more. */
function removeLooseMedia(ctx: Context, accountId: number): boolean {
  const ids = findMediaIdsOf(ctx.db, accountId, AT_ONCE);
  transaction(ctx.db, () => removeMedia(ctx, ids));
  return ids.length === AT_ONCE;
}

async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
}
