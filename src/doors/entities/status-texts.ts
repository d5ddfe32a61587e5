import type { Context } from '#base/context.ts';
import { hasFilters } from '#domain/filters/match.ts';
import type { FilterContext } from '#domain/filters/queries.ts';
import { readSeen } from '#domain/posts/interactions.ts';
import { readStampsOfViewers } from '#domain/posts/viewer-queries.ts';
import { applyFilters } from './filtered.ts';
import { statusesByIds } from './status-cache.ts';

/** A post as one of several viewers sees it in one place; null where a filter of theirs hides it. */
export type TextOf = (viewerId: number, context: FilterContext) => string | null;

/**
 * One post as JSON text for many viewers at once: who may see it is asked in one statement, and it is
 * built once for all who see the same. `viewers` are those who see it.
 */
export function statusTexts(
  ctx: Context,
  viewerIds: readonly number[],
  postId: number,
  parentId: number | null,
): { viewers: ReadonlySet<number>; textOf: TextOf } {
  const stamps = readStampsOfViewers(ctx, viewerIds, postId);
  const ids = stamps.map((stamp) => stamp.viewerId);
  const seeParent = new Set(
    parentId === null ? [] : readStampsOfViewers(ctx, ids, parentId).map((each) => each.viewerId),
  );
  const kinds = new Map(
    stamps.map(({ viewerId, flags }) => {
      const seen = Object.values(readSeen(ctx, { id: viewerId }));
      return [viewerId, [flags, seeParent.has(viewerId), ...seen].join()];
    }),
  );
  const shared = new Map<string, string | null>();
  const textOf: TextOf = (viewerId, context) => {
    const kind = kinds.get(viewerId);
    if (kind === undefined) return null;
    const viewer = { id: viewerId };
    if (hasFilters(ctx, viewer)) {
      const [status] = applyFilters(ctx, viewer, context, statusesByIds(ctx, viewer, [postId]));
      return status ? JSON.stringify(status) : null;
    }
    const known = shared.get(kind);
    if (known !== undefined) return known;
    const [status] = statusesByIds(ctx, viewer, [postId]);
    const text = status ? JSON.stringify(status) : null;
    shared.set(kind, text);
    return text;
  };
  return { viewers: new Set(ids), textOf };
}
