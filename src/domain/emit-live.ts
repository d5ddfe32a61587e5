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
