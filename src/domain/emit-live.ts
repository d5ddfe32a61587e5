import type { Context } from '#base/context.ts';
import type { LiveEvents } from './kinds.ts';

/** Tells whoever listens in this process that something has happened; after the commit, never before. */
export function emitLive<Type extends keyof LiveEvents>(
  ctx: Pick<Context, 'live'>,
  type: Type,
  ids: LiveEvents[Type],
): void {
  ctx.live.emit({ type, ...ids });
}

/**
 * The same for a verb that may be part of somebody else's transaction: told once the code that runs
 * now has ended, so after the commit. If that was undone, who listens finds nothing.
 */
export function emitLater<Type extends keyof LiveEvents>(
  ctx: Pick<Context, 'live'>,
  type: Type,
  ids: LiveEvents[Type],
): void {
  queueMicrotask(() => emitLive(ctx, type, ids));
}
