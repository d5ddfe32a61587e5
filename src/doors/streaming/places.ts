import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { listTimeline } from '#domain/timelines/list.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import { tagTimeline } from '#domain/timelines/tag.ts';
import type { OpenFilter } from './channels.ts';
import { ownsList } from './stream-queries.ts';

type Viewer = { id: number };

// The lists themselves are asked, for a slice of one id: whatever they leave out is never streamed.
const around = (id: number): Page => ({ limit: 1, maxId: id + 1, sinceId: id - 1, minId: null });

/** Whether a post or boost is in somebody's home timeline. */
export function isInHome(ctx: Context, viewer: Viewer, id: number): boolean {
  return homeTimeline(ctx, viewer, around(id)).includes(id);
}

/** Whether a post is in one of the lists of public posts for somebody. */
export function isInOpen(ctx: Context, viewer: Viewer, filter: OpenFilter, id: number): boolean {
  const { tag, ...rest } = filter;
  const ids =
    tag === undefined
      ? publicTimeline(ctx, viewer, around(id), rest)
      : tagTimeline(ctx, viewer, tag, around(id), rest);
  return ids.includes(id);
}

/** Whether a post or boost is in a list that somebody keeps; false if the list is gone. */
export function isInList(ctx: Context, viewer: Viewer, listId: number, id: number): boolean {
  if (!ownsList(ctx.db, viewer.id, listId)) return false;
  return listTimeline(ctx, viewer, listId, around(id)).includes(id);
}
