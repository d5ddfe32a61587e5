import type { Context } from '#base/context.ts';
import { idTime } from '#base/core/ids.ts';
import type { JsonObject } from '#base/core/json.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { findPost } from '#domain/posts/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { isOpen } from '#domain/posts/visibility.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { readSetting } from '#domain/settings.ts';
import {
  acceptActivity,
  announceActivity,
  blockActivity,
  followActivity,
  likeActivity,
  rejectActivity,
  undoActivity,
} from '#doors/federation/documents/activities.ts';
import { idsOf, PUBLIC } from '#doors/federation/documents/ids.ts';
import { cancelWaiting, findLastId } from './activity-queries.ts';
import { followersOf, type Inboxes, inboxesOf } from './audience.ts';
import { findReaders } from './audience-queries.ts';
import { sendActivity } from './send-activity.ts';
import { findShare } from './share-queries.ts';

/** Somebody here who does something, and somebody elsewhere to whom it is done. */
type Pair = { accountId: number; targetId: number };

function readPair(ctx: Context, { accountId, targetId }: Pair) {
  const account = findAccount(ctx.db, accountId);
  const target = findAccount(ctx.db, targetId);
  if (account === null || target === null || target.uri === null) return null;
  const ids = idsOf(ctx.config);
  return { account, target, actor: ids.actor(account.username), object: target.uri, ids };
}

async function sendTo(
  ctx: Context,
  seq: number,
  from: AccountRow,
  to: { postId?: number; targetId: number },
  activity: JsonObject,
): Promise<void> {
  const inboxes = inboxesOf(findReaders(ctx.db, [to.targetId]), false);
  const postId = to.postId ?? null;
  await sendActivity(ctx, { source: String(seq), from, postId, inboxes, write: () => activity });
}

/** What was told last under this id, so that its Undo names it; what still waits of it is taken back. */
function takeBack(ctx: Context, uri: string, seq: number): string {
  const last = findLastId(ctx.db, uri) ?? uri;
  const types = ['Follow', 'Like', 'Announce', 'Block'];
  const what = { postId: null, uri: last, types, except: String(seq), now: ctx.now() };
  cancelWaiting(ctx.db, what);
  return last;
}

/** Asks somebody of another server to be followed. */
export async function tellFollow(ctx: Context, news: Pair, seq: number): Promise<void> {
  const pair = readPair(ctx, news);
  if (pair === null) return;
  const { account, actor, object } = pair;
  const follow = findFollow(ctx.db, news.accountId, news.targetId);
  // Taken back before anybody heard of it.
  if (follow?.uri == null) return;
  const id = follow.uri;
  await sendTo(ctx, seq, account, news, followActivity({ id, actor, object }));
}

/** Follows somebody no more. */
export async function tellUnfollow(
  ctx: Context,
  news: Pair & { uri: string },
  seq: number,
): Promise<void> {
  const pair = readPair(ctx, news);
  if (pair === null) return;
  const { account, actor, object } = pair;
  const follow = followActivity({ id: takeBack(ctx, news.uri, seq), actor, object });
  await sendTo(ctx, seq, account, news, undoActivity(follow));
}

/** Answers a Follow, or ends one that was accepted (`reject`). */
export async function tellAnswer(
  ctx: Context,
  news: Pair & { what: 'accept' | 'reject'; uri: string | null },
  seq: number,
): Promise<void> {
  const pair = readPair(ctx, news);
  if (pair === null) return;
  const { account, target, actor, object, ids } = pair;
  const follow = { id: news.uri ?? `${object}#follows`, actor: object, object: actor };
  const activity =
    news.what === 'accept'
      ? acceptActivity(ids.accept(account.username, target.id), follow)
      : rejectActivity(ids.reject(account.username, target.id), follow);
  await sendTo(ctx, seq, account, news, activity);
}

/** Tells of a block, or that it ended; only if the owner wants others to know (T112). */
export async function tellBlock(
  ctx: Context,
  news: Pair & { what: 'block' | 'unblock'; uri: string },
  seq: number,
): Promise<void> {
  const pair = readPair(ctx, news);
  if (pair === null || !readSetting(ctx, 'federation.send_blocks')) return;
  const { account, actor, object } = pair;
  const again = news.what === 'block';
  const id = again ? news.uri : takeBack(ctx, news.uri, seq);
  const block = blockActivity({ id, actor, object });
  await sendTo(ctx, seq, account, news, again ? block : undoActivity(block));
}

type Liked = { accountId: number; postId: number };

/** Tells the author of a remote post that somebody here likes it, or does no more (`uri`: of the Like). */
export async function tellLike(
  ctx: Context,
  news: Liked & { what: string; uri?: string },
  seq: number,
): Promise<void> {
  const account = findAccount(ctx.db, news.accountId);
  const post = findPost(ctx.db, news.postId);
  const author = post === null ? null : findAccount(ctx.db, post.accountId);
  if (account === null || !post?.uri || !author?.uri) return;
  const ids = idsOf(ctx.config);
  const plain = ids.like(account.username, post.id);
  const id = news.what === 'like' ? plain : takeBack(ctx, news.uri ?? plain, seq);
  const actor = ids.actor(account.username);
  const like = likeActivity({ id, actor, object: post.uri, author: author.uri });
  const activity = news.what === 'like' ? like : undoActivity(like);
  await sendTo(ctx, seq, account, { postId: post.id, targetId: author.id }, activity);
}

/** Tells followers and the author that somebody here boosts a post, or does no more (`uri`: of the Announce). */
export async function tellShare(
  ctx: Context,
  news: Liked & { what: string; uri?: string },
  seq: number,
): Promise<void> {
  const account = findAccount(ctx.db, news.accountId);
  const post = findPost(ctx.db, news.postId);
  const author = post === null ? null : findAccount(ctx.db, post.accountId);
  if (account === null || post === null || author === null || !isOpen(post.visibility)) return;
  const share = findShare(ctx.db, account.id, post.id);
  const begins = news.what === 'share';
  if (begins && share === null) return;
  const ids = idsOf(ctx.config);
  const followers = ids.followers(account.username);
  const narrow = isClosed(ctx) || share?.visibility === 'followers';
  const authorUri = author.uri ?? ids.actor(author.username);
  const id = begins
    ? ids.share(account.username, share?.id ?? 0)
    : takeBack(ctx, news.uri ?? '', seq);
  const announce = announceActivity({
    id,
    actor: ids.actor(account.username),
    object: post.uri ?? ids.post(author.username, post.id),
    published: share?.createdAt ?? idTime(seq),
    to: narrow ? [followers] : share?.visibility === 'unlisted' ? [followers] : [PUBLIC],
    cc: narrow ? [authorUri] : [share?.visibility === 'unlisted' ? PUBLIC : followers, authorUri],
  });
  const inboxes: Inboxes = await followersOf(ctx, account.id);
  const toAuthor = inboxesOf(findReaders(ctx.db, [author.id]), true);
  for (const [inbox, domain] of toAuthor) inboxes.set(inbox, domain);
  const activity = begins ? announce : undoActivity(announce);
  const write = () => activity;
  await sendActivity(ctx, {
    source: String(seq),
    from: account,
    postId: post.id,
    inboxes,
    write,
  });
}
