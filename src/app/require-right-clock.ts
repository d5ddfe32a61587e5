import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { isClockRight } from '#base/core/clock.ts';
import { AppError } from '#base/core/errors.ts';

/**
 * Refuses to serve by a clock from before this program was built (T127): certificates, signatures and
 * dates of posts would all be wrong. A box without a battery gets the time a moment after its start,
 * and a service tries again. Throws `unavailable`.
 */
export function requireRightClock(ctx: Pick<Context, 'now'>): void {
  if (isClockRight(ctx.now(), buildInfo.builtAt)) return;
  const shown = new Date(ctx.now()).toISOString().slice(0, 16).replace('T', ' ');
  throw new AppError(
    'unavailable',
    `The clock of this machine says ${shown} UTC, which cannot be. Set it, or wait until it is set (timedatectl), then start again.`,
  );
}
