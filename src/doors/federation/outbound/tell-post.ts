import type { Context } from '#base/context.ts';
import { idTime } from '#base/core/ids.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { findPost } from '#domain/posts/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { isOpen } from '#domain/posts/visibility.ts';
import { queueJob } from '#domain/queue-job.ts';
import { createActivity, updateActivity } from '#doors/federation/documents/activities.ts';
import { withoutContext } from '#doors/federation/documents/context.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import { cancelWaiting, findWaitingCreates, listHolders, replaceNote } from './activity-queries.ts';
import { addressees, type Inboxes, inboxesOf } from './audience.ts';
import { findPartners, findReaders } from './audience-queries.ts';
import { findMentioned } from './find-mentioned.ts';
import { type Sending, sendActivity } from './send-activity.ts';

/** When people whom a post mentions and who were not found are looked for again; milliseconds. */
const LOOK_AGAIN = [60_000, 600_000, 3_600_000] as const;

type Author = { id: number; username: string };

/** A post that others may hear of now, with its author; null for every other. */
export function readTellable(
  ctx: Context,
  postId: number,
): { post: PostRow; author: Author } | null {
  const post = findPost(ctx.db, postId);
  if (post === null || post.uri !== null || post.archivedAt !== null) return null;
  if (post.visibility === 'self' || post.hiddenAt !== null) return null;
  const author = findAccount(ctx.db, post.accountId);
  if (author === null || author.suspendedAt !== null || author.deletionAt !== null) return null;
  return { post, author };
}

/**
 * Brings a new post to those whom it addresses, and an edited one to those who have it: an edit
 * reaches nobody else but whom it newly mentions (T109). People of other servers whom the caption
 * mentions are looked for first; who is not found holds nobody else up and is looked for again.
 */
export async function tellPost(
  ctx: Context,
  news: { postId: number; change: 'create' | 'update'; round?: number | undefined },
  seq: number,
): Promise<void> {
  const { postId, change, round = 0 } = news;
  if (readTellable(ctx, postId) === null) return;
  const { found, missing } = await findMentioned(ctx, postId);
  const told = readTellable(ctx, postId);
  if (told === null) return;
  const { post } = told;
  const open = !isClosed(ctx) && isOpen(post.visibility);
  const { all, named } = await addressees(ctx, noteDocument(ctx, post), open);
  const holders = new Set(listHolders(ctx.db, postId));
  if (round > 0) {
    await sendCreate(ctx, told, `${seq}`, inboxesOf(findReaders(ctx.db, found), false));
  } else if (change === 'create') {
    await sendCreate(ctx, told, `${seq}`, without(all, holders));
  } else {
    const servers = new Set([...holders].map(hostOf));
    const knows = ([inbox]: [string, string]) => servers.has(hostOf(inbox));
    const readers: Inboxes = new Map([...(open ? named : all)].filter(knows));
    if (open) {
      const partners = inboxesOf(findPartners(ctx.db, postId), true);
      for (const [inbox, domain] of partners) readers.set(inbox, domain);
      for (const inbox of holders) readers.set(inbox, hostOf(inbox));
    }
    await sendUpdate(ctx, told, seq, readers);
    const strangers = [...named].filter((each) => !knows(each));
    await sendCreate(ctx, told, `${seq}+`, new Map(strangers));
  }
  if (missing > 0) lookAgain(ctx, { postId, change, round });
}

type Told = { post: PostRow; author: Author };

/** What a server of that domain is told of the post as it is at this moment; null if somebody else may read it by now. */
function noteOf(ctx: Context, { post }: Told, domain: string | null) {
  const now = readTellable(ctx, post.id);
  if (now === null || now.post.visibility !== post.visibility) return null;
  return noteDocument(ctx, now.post, domain === null ? {} : { forDomain: domain });
}

function sendingOf(
  ctx: Context,
  { post, author }: Told,
): Pick<Sending, 'from' | 'postId' | 'apart'> {
  const open = !isClosed(ctx) && isOpen(post.visibility);
  return { from: author, postId: post.id, apart: !open && post.mediaCount > 0 };
}

async function sendCreate(
  ctx: Context,
  told: Told,
  source: string,
  inboxes: Inboxes,
): Promise<void> {
  const write = (domain: string | null) => {
    const note = noteOf(ctx, told, domain);
    return note && createActivity(note);
  };
  await sendActivity(ctx, { ...sendingOf(ctx, told), source, inboxes, write });
}

async function sendUpdate(ctx: Context, told: Told, seq: number, inboxes: Inboxes): Promise<void> {
  const { id: postId } = told.post;
  transaction(ctx.db, () => {
    // A Create that still waits would bring the old words after the new ones.
    for (const { id, source } of findWaitingCreates(ctx.db, postId)) {
      const note = noteOf(ctx, told, source.split('@')[1] ?? null);
      if (note) replaceNote(ctx.db, id, JSON.stringify(withoutContext(note)));
    }
    const except = String(seq);
    const types = ['Update'];
    cancelWaiting(ctx.db, { postId, uri: null, types, except, now: ctx.now() });
  });
  const write = (domain: string | null) => {
    const note = noteOf(ctx, told, domain);
    return note && updateActivity(note, idTime(seq));
  };
  await sendActivity(ctx, { ...sendingOf(ctx, told), source: `${seq}`, inboxes, write });
}

function hostOf(inbox: string): string {
  return new URL(inbox).host;
}

function without(inboxes: Inboxes, holders: ReadonlySet<string>): Inboxes {
  return new Map([...inboxes].filter(([inbox]) => !holders.has(inbox)));
}

function lookAgain(
  ctx: Context,
  { postId, change, round }: { postId: number; change: 'create' | 'update'; round: number },
): void {
  const pause = LOOK_AGAIN[round];
  if (pause === undefined) return;
  const news = { what: 'post', postId, change, round: round + 1, seq: ctx.newId() } as const;
  const when = { runAt: ctx.now() + pause, uniqueKey: `${postId} ${round + 1}` };
  transaction(ctx.db, () => queueJob(ctx, 'federation.distribute', news, when));
}
