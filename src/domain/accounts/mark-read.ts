import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import {
  findMarkers,
  type MarkedTimeline,
  type MarkerRow,
  upsertMarker,
} from './marker-queries.ts';
import type { Viewer } from './viewer.ts';

/** How far somebody has read; `version`: what the app last saw, if it wants to know of a change in between. */
export type Mark = { timeline: MarkedTimeline; lastReadId: number; version?: number | undefined };

/**
 * Remembers how far the viewer has read, in all lists or in none, and answers the markers that were
 * set. Throws `conflict` if one has another version than the app thought.
 */
export function markRead(ctx: Context, viewer: Viewer, marks: readonly Mark[]): MarkerRow[] {
  return transaction(ctx.db, () => {
    const known = new Map(findMarkers(ctx.db, viewer.id).map((row) => [row.timeline, row.version]));
    for (const { timeline, lastReadId, version } of marks) {
      if (version !== undefined && version !== (known.get(timeline) ?? 0)) {
        throw new AppError('conflict', 'Conflict during update, please try again');
      }
      upsertMarker(ctx.db, { accountId: viewer.id, timeline, lastReadId, now: ctx.now() });
    }
    const set = new Set(marks.map((mark) => mark.timeline));
    return findMarkers(ctx.db, viewer.id).filter((row) => set.has(row.timeline));
  });
}
