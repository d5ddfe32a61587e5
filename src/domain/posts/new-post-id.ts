import type { Context } from '#base/context.ts';
import { idsBeside } from '#base/core/ids.ts';
import { findTakenEnds, isTaken } from './remote-queries.ts';

/** Ids of one millisecond that are tried before it is looked which there are. */
const TRIES = 4;

/**
 * An id for something of another server that carries its own time (milliseconds, never of the
 * future), so that timelines order by it, and that neither a post nor a boost has. Thousands of posts
 * that all claim one moment cost no more than others.
 */
export function newPostId(ctx: Pick<Context, 'db' | 'newId'>, at: number): number {
  let id = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    id = ctx.newId(at);
    if (id > 0 && !isTaken(ctx.db, id)) return id;
  }
  return freeBeside(ctx, id) ?? ctx.newId();
}

/** An id of the same millisecond above all that are taken, or below them; null if both ends are. */
function freeBeside({ db }: Pick<Context, 'db'>, id: number): number | null {
  const { first, last } = idsBeside(id);
  const { low, high } = findTakenEnds(db, { first, last });
  if (high < last) return high + 1;
  return low > first ? low - 1 : null;
}
