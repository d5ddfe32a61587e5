import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findOwners } from '#domain/media/queries.ts';
import { queueJob } from '#domain/queue-job.ts';
import { requireAltText } from './alt-text.ts';
import { cleanWords, postLimits } from './limits.ts';
import type { PostInput } from './publish.ts';
import { readPost } from './reading.ts';
import {
  countScheduled,
  deleteScheduled,
  findScheduled,
  findScheduledByKey,
  insertScheduled,
  listReserved,
  type ScheduledRow,
  updateScheduled,
} from './scheduled-queries.ts';

const MOST = 300;

/**
 * Keeps a post until its time (`at`, milliseconds), with its photos. What would be refused then for
 * what it says is refused now. With `key` a repeat answers what the first call made. Throws `invalid`,
 * `not_found` when the post to answer is not visible.
 */
export function schedulePost(
  ctx: Context,
  viewer: Viewer,
  input: PostInput,
  at: number,
  key: string | null = null,
): ScheduledRow {
  return transaction(ctx.db, () => {
    const known = key === null ? null : findScheduledByKey(ctx.db, viewer.id, key);
    if (known) return known;
    checkTime(ctx, at);
    checkInput(ctx, viewer, input, key);
    if (countScheduled(ctx.db, viewer.id) >= MOST) {
      throw new AppError('invalid', `At most ${MOST} posts can wait at the same time.`);
    }
    const row: ScheduledRow = {
      id: ctx.newId(),
      accountId: viewer.id,
      scheduledAt: at,
      input: JSON.stringify(input),
      idempotencyKey: key,
      problem: null,
    };
    insertScheduled(ctx.db, { ...row, now: ctx.now() });
    awaitTime(ctx, row.id, at);
    return row;
  });
}

/** A waiting post of the viewer's; throws `not_found` for everybody else's. */
export function readScheduled(
  ctx: Pick<Context, 'db'>,
  viewer: Pick<Viewer, 'id'>,
  id: number | null,
): ScheduledRow {
  const row = id === null ? null : findScheduled(ctx.db, id);
  if (row?.accountId !== viewer.id) throw new AppError('not_found', 'Record not found');
  return row;
}

/** What of a waiting post can be changed; what is left out stays. */
export type WaitingChange = { at?: number; caption?: string; spoiler?: string };

/** Changes time and words of a waiting post of the viewer's; throws `not_found`, `invalid`. */
export function reschedulePost(
  ctx: Context,
  viewer: Viewer,
  id: number | null,
  change: WaitingChange,
): ScheduledRow {
  return transaction(ctx.db, () => {
    const row = readScheduled(ctx, viewer, id);
    const scheduledAt = change.at ?? row.scheduledAt;
    // A time that stays may be near by now.
    if (scheduledAt !== row.scheduledAt || row.problem !== null) checkTime(ctx, scheduledAt);
    const input = JSON.parse(row.input) as PostInput;
    const { caption = input.caption, spoiler = input.spoiler ?? '' } = change;
    const changed = { ...input, caption, spoiler };
    checkWords(changed);
    const now = { ...row, scheduledAt, input: JSON.stringify(changed), problem: null };
    updateScheduled(ctx.db, now);
    awaitTime(ctx, row.id, scheduledAt);
    return now;
  });
}

/** Forgets a waiting post of the viewer's; its photos go with the nightly clean-up. Throws `not_found`. */
export function cancelScheduled(ctx: Context, viewer: Viewer, id: number | null): void {
  transaction(ctx.db, () => deleteScheduled(ctx.db, readScheduled(ctx, viewer, id).id));
}

/** Has a waiting post looked at when its time comes; only inside the caller's transaction. */
export function awaitTime(ctx: Context, scheduledId: number, at: number): void {
  const options = { runAt: at, uniqueKey: String(scheduledId) };
  queueJob(ctx, 'posts.publish_scheduled', { scheduledId }, options);
}

function checkTime(ctx: Context, at: number): void {
  const ahead = at - ctx.now();
  if (!Number.isFinite(ahead) || ahead < postLimits.soonest || ahead > postLimits.latest) {
    const sentence = 'Validation failed: scheduled_at: must be at least 5 minutes from now';
    throw new AppError('invalid', sentence);
  }
}

function checkInput(ctx: Context, viewer: Viewer, input: PostInput, key: string | null): void {
  if (key !== null && key.length > postLimits.keyLength) {
    throw new AppError('invalid', 'The Idempotency-Key is too long.');
  }
  const ids = input.mediaIds;
  if (ids.length > postLimits.photos) {
    throw new AppError('invalid', `A post can have at most ${postLimits.photos} photos.`);
  }
  checkWords(input);
  const owners = findOwners(ctx.db, ids);
  const free = ids.every((id) => {
    const owner = owners.get(id);
    return owner?.accountId === viewer.id && owner.postId === null;
  });
  if (!free || new Set(ids).size !== ids.length || listReserved(ctx.db, viewer.id, ids).length) {
    throw new AppError('invalid', 'One of the photos is not there any more, or already used.');
  }
  requireAltText(ctx, viewer.id, ids);
  if (input.inReplyToId) readPost(ctx, viewer, input.inReplyToId);
}

function checkWords(input: PostInput): void {
  const { caption } = cleanWords({
    caption: input.caption,
    spoiler: input.spoiler ?? '',
    place: input.place ?? '',
    language: input.language ?? null,
  });
  if (input.mediaIds.length === 0 && caption === '') {
    throw new AppError('invalid', 'Add a photo or write something first.');
  }
}
