import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { confirmPassword } from '#domain/accounts/confirm-password.ts';
import type { Actor, Viewer } from '#domain/accounts/viewer.ts';
import { type Closing, readClosing, saveClosing } from '#domain/closing.ts';
import { queueJob } from '#domain/queue-job.ts';

const DAY = 86_400_000;
/** Days that people have at least to take their things along. */
const LEAST_DAYS = 7;
const MOST_DAYS = 730;
const LONGEST = 2000;

/**
 * Announces that this place ends: nobody can make an account any more, every page and app says so,
 * everybody's archive is made, reminders go out. Called again it changes day and words, and people
 * hear of the new day. `closesAt` in milliseconds since 1970. Throws `forbidden` for all but the
 * owner, `invalid` with the form's field.
 */
export function announceClosing(
  ctx: Context,
  actor: Actor,
  input: { closesAt: number; message: string },
): Closing {
  requireOwner(actor);
  const message = input.message.trim();
  const days = (input.closesAt - ctx.now()) / DAY;
  if (!(days >= LEAST_DAYS - 1)) {
    throw wrong('closes', `People need at least ${LEAST_DAYS} days to take their photos along.`);
  }
  if (days > MOST_DAYS) throw wrong('closes', 'That is more than two years ahead.');
  if (message.length > LONGEST) throw wrong('message', `At most ${LONGEST} characters.`);
  const before = readClosing(ctx);
  const closing: Closing = {
    announcedAt: before?.announcedAt ?? ctx.now(),
    closesAt: input.closesAt,
    message,
    // Another day makes other reminders.
    reminded: before?.closesAt === input.closesAt ? before.reminded : [],
  };
  transaction(ctx.db, () => {
    saveClosing(ctx, closing);
    queueJob(ctx, 'closing.tend', {}, { uniqueKey: 'all' });
  });
  return closing;
}

/** Takes the announcement back, also after the day; accounts can be made again as before. */
export function callOffClosing(ctx: Context, actor: Actor): void {
  requireOwner(actor);
  saveClosing(ctx, null);
}

/** As `announceClosing`, for the page: a borrowed device must not do it. */
export async function confirmClosing(
  ctx: Context,
  viewer: Viewer,
  input: { closesAt: number; message: string; password: string },
): Promise<Closing> {
  await confirmPassword(ctx, viewer, input.password, 'password');
  return announceClosing(ctx, viewer, input);
}

function requireOwner(actor: Actor): void {
  if (actor === 'console' || actor.role === 'owner') return;
  throw new AppError('forbidden', 'Only the owner can close this place.');
}

function wrong(field: string, sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence } });
}
