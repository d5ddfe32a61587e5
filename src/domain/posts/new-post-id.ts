import type { Context } from '#base/context.ts';
import { isTaken } from './remote-queries.ts';

/** Ids of one millisecond that are tried. */
const TRIES = 2048;

/**
 * An id for something of another server that carries its own time (milliseconds, never of the
 * future), so that timelines order by it, and that neither a post nor a boost has.
 */
export function newPostId(ctx: Pick<Context, 'db' | 'newId'>, at: number): number {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const id = ctx.newId(at);
    if (id > 0 && !isTaken(ctx.db, id)) return id;
  }
  return ctx.newId();
}
