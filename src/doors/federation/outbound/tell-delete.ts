import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { isOpen, type Visibility } from '#domain/posts/visibility.ts';
import { deleteActivity } from '#doors/federation/documents/activities.ts';
import { idsOf, PUBLIC } from '#doors/federation/documents/ids.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import { cancelWaiting, forgetAudience, listHolders } from './activity-queries.ts';
import { addressees, followersOf, inboxesOf } from './audience.ts';
import { findReaders } from './audience-queries.ts';
import { sendActivity } from './send-activity.ts';
import { readTellable } from './tell-post.ts';

type Farewell = {
  accountId: number;
  postId: number;
  uri: string;
  visibility: Visibility;
  mentionedIds: readonly number[];
};

/**
 * Takes a post back from everybody who ever got it and may not read it any more: from all when it is
 * deleted or put away, from the others when fewer may read it than before.
 */
export async function tellDelete(ctx: Context, news: Farewell, seq: number): Promise<void> {
  const { accountId, postId, uri } = news;
  const account = findAccount(ctx.db, accountId);
  if (account === null) return;
  const source = String(seq);
  transaction(ctx.db, () => {
    const types = ['Create', 'Update'];
    if (readTellable(ctx, postId) !== null) return;
    cancelWaiting(ctx.db, { postId, uri: null, types, except: source, now: ctx.now() });
  });
  const open = !isClosed(ctx) && isOpen(news.visibility);
  const direct = news.visibility === 'direct';
  const inboxes = inboxesOf(findReaders(ctx.db, news.mentionedIds), !direct);
  if (!direct && news.visibility !== 'self') {
    for (const [inbox, domain] of await followersOf(ctx, accountId)) inboxes.set(inbox, domain);
  }
  for (const inbox of listHolders(ctx.db, postId)) {
    if (!inboxes.has(inbox)) inboxes.set(inbox, new URL(inbox).host);
  }
  const told = readTellable(ctx, postId);
  if (told !== null) {
    const wide = !isClosed(ctx) && isOpen(told.post.visibility);
    const { all } = await addressees(ctx, noteDocument(ctx, told.post), wide);
    // A server has one copy for all its people: where anybody may still read it, an edit says who.
    const still = new Set([...all.keys()].map((inbox) => new URL(inbox).host));
    for (const inbox of inboxes.keys()) {
      if (still.has(new URL(inbox).host)) inboxes.delete(inbox);
    }
  }
  const ids = idsOf(ctx.config);
  const followers = ids.followers(account.username);
  const to = open ? [PUBLIC] : direct ? urisOf(ctx, news.mentionedIds) : [followers];
  const activity = deleteActivity({
    actor: ids.actor(account.username),
    uri,
    to,
    cc: open ? [followers] : [],
  });
  await sendActivity(ctx, { source, from: account, postId, inboxes, write: () => activity });
  forgetAudience(ctx.db, postId, [...inboxes.keys()]);
}

function urisOf(ctx: Context, accountIds: readonly number[]): string[] {
  return accountIds.flatMap((id) => findAccount(ctx.db, id)?.uri ?? []);
}
