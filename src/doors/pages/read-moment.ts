import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { postLimits } from '#domain/posts/limits.ts';

/**
 * The time for which a post is meant (milliseconds), null if none was typed. Browsers send
 * `2030-01-31T12:00` without a zone, which is UTC, as the form says; our script sends it with a Z.
 * Throws `invalid` for what is no time, or too near or far.
 */
export function readMoment(ctx: Pick<Context, 'now'>, input: unknown): number | null {
  const typed = typeof input === 'string' ? input.trim() : '';
  if (typed === '') return null;
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/.test(typed);
  const at = whole ? Date.parse(typed.endsWith('Z') ? typed : `${typed}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw wrong('Give a day and a time, like 2030-01-31T12:00.');
  const ahead = at - ctx.now();
  if (ahead < postLimits.soonest) throw wrong('Choose a time that is at least 5 minutes from now.');
  if (ahead > postLimits.latest) throw wrong('Choose a time within the next three years.');
  return at;
}

function wrong(sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { scheduled_at: sentence } });
}
