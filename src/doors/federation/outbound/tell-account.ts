import type { Context } from '#base/context.ts';
import { idTime } from '#base/core/ids.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { isOpen } from '#domain/posts/visibility.ts';
import {
  addActivity,
  deleteActorActivity,
  flagActivity,
  moveActivity,
  removeActivity,
  updateActorActivity,
} from '#doors/federation/documents/activities.ts';
import { actorDocument } from '#doors/federation/documents/actor.ts';
import { actorId } from '#doors/federation/documents/actor-id.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { cancelOfAccount, listInboxesOfAccount } from './activity-queries.ts';
import { followersOf, gather, type Inboxes, inboxesOf } from './audience.ts';
import { findEverybody, findReaders, findRemoteFollowees } from './audience-queries.ts';
import { sendActivity } from './send-activity.ts';
import { findReport, listReportedUris } from './share-queries.ts';
import { readTellable } from './tell-post.ts';

/** Brings a changed profile to all who follow or are followed: their servers show it. */
export async function tellAccount(
  ctx: Context,
  { accountId }: { accountId: number },
  seq: number,
): Promise<void> {
  const { publicPem } = await readSigningKey(ctx, accountId);
  const inboxes = await followersOf(ctx, accountId);
  const followees = await gather((after, limit) =>
    findRemoteFollowees(ctx.db, accountId, after, limit),
  );
  for (const [inbox, domain] of followees) inboxes.set(inbox, domain);
  const account = findAccount(ctx.db, accountId);
  if (account === null || account.uri !== null || account.suspendedAt !== null) return;
  const document = actorDocument(ctx, account, publicPem);
  const source = String(seq);
  // What is older and still waits says less.
  const older = { accountId, type: 'Update', except: source, now: ctx.now() };
  cancelOfAccount(ctx.db, older);
  const activity = { ...updateActorActivity(document, idTime(seq)), ...audienceOf(ctx, account) };
  const write = () => activity;
  await sendActivity(ctx, { source, from: account, postId: null, inboxes, write });
}

/** In a family nothing is for everybody. */
function audienceOf(ctx: Context, { username }: { username: string }) {
  return isClosed(ctx) ? { to: [idsOf(ctx.config).followers(username)], cc: [] } : {};
}

/** Tells followers that a post stands at the top of the profile now, or no more. */
export async function tellPin(
  ctx: Context,
  news: { what: 'pin' | 'unpin'; postId: number },
  seq: number,
): Promise<void> {
  const told = readTellable(ctx, news.postId);
  if (told === null || isClosed(ctx) || !isOpen(told.post.visibility)) return;
  const { post, author } = told;
  const ids = idsOf(ctx.config);
  const pin = {
    actor: ids.actor(author.username),
    object: ids.post(author.username, post.id),
    target: ids.featured(author.username),
    followers: ids.followers(author.username),
    at: idTime(seq),
  };
  const activity = news.what === 'pin' ? addActivity(pin) : removeActivity(pin);
  const inboxes = await followersOf(ctx, author.id);
  const write = () => activity;
  await sendActivity(ctx, { source: String(seq), from: author, postId: post.id, inboxes, write });
}

/** Tells followers that an account lives elsewhere now. */
export async function tellMove(
  ctx: Context,
  news: { accountId: number; targetId: number },
  seq: number,
): Promise<void> {
  const account = findAccount(ctx.db, news.accountId);
  const target = findAccount(ctx.db, news.targetId);
  if (account === null || target === null) return;
  const ids = idsOf(ctx.config);
  const activity = moveActivity({
    id: ids.move(account.username, target.id),
    actor: ids.actor(account.username),
    target: actorId(ctx.config, target),
    followers: ids.followers(account.username),
  });
  const inboxes = await followersOf(ctx, account.id);
  const write = () => activity;
  await sendActivity(ctx, { source: String(seq), from: account, postId: null, inboxes, write });
}

/**
 * Says that an account is gone for good: to every server that is known here, since any of them may
 * have a copy; in a family only to those that ever got something of it.
 */
export async function tellFarewell(
  ctx: Context,
  { accountId, username }: { accountId: number; username: string },
  seq: number,
): Promise<void> {
  // Made now if it never had one: it signs this one letter.
  await readSigningKey(ctx, accountId);
  const inboxes: Inboxes = isClosed(ctx)
    ? new Map()
    : await gather((after, limit) => findEverybody(ctx.db, after, limit));
  for (const inbox of listInboxesOfAccount(ctx.db, accountId)) {
    if (!inboxes.has(inbox)) inboxes.set(inbox, new URL(inbox).host);
  }
  const rest = { accountId, type: null, except: String(seq), now: ctx.now() };
  cancelOfAccount(ctx.db, rest);
  const ids = idsOf(ctx.config);
  const activity = {
    ...deleteActorActivity(ids.actor(username)),
    ...audienceOf(ctx, { username }),
  };
  const from = { id: accountId, username };
  const write = () => activity;
  await sendActivity(ctx, { source: String(seq), from, postId: null, inboxes, write });
}

/** Passes a report on to the server of the account it is about, in the name of the instance. */
export async function tellReport(
  ctx: Context,
  { reportId }: { reportId: number },
  seq: number,
): Promise<void> {
  const report = findReport(ctx.db, reportId);
  if (report === null) return;
  const ids = idsOf(ctx.config);
  await readSigningKey(ctx, 0);
  const activity = flagActivity({
    id: ids.flag(reportId),
    actor: ids.instance,
    objects: [report.targetUri, ...listReportedUris(ctx.db, reportId)],
    content: report.comment,
  });
  const inboxes = inboxesOf(findReaders(ctx.db, [report.targetId]), true);
  const write = () => activity;
  await sendActivity(ctx, { source: String(seq), from: null, postId: null, inboxes, write });
}
