import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import {
  findPopularAccounts,
  findPopularPosts,
  findPopularTags,
  findRelatedTags,
  type PopularTag,
} from './popular-queries.ts';

type Asker = Pick<Viewer, 'id'> | null;

const DAY = 86_400_000;
/** An id holds its millisecond: `milliseconds * 2048`. */
const IDS_A_MILLISECOND = 2048;

/** Ids of the posts of the last days with photos that the viewer may see, the most liked first. */
export function popularPosts(
  ctx: Context,
  viewer: Asker,
  wish: { days: number; from: 'here' | 'elsewhere'; limit: number },
): number[] {
  const { days, from, limit } = wish;
  return findPopularPosts(ctx.db, { ...params(ctx, viewer, limit), since: since(ctx, days), from });
}

/** The tags of the last days that most people used. */
export function popularTags(
  ctx: Context,
  viewer: Asker,
  wish: { days: number; limit: number },
): PopularTag[] {
  const { days, limit } = wish;
  return findPopularTags(ctx.db, { ...params(ctx, viewer, limit), since: since(ctx, days) });
}

/** The tags that stand beside a tag. */
export function relatedTags(ctx: Context, viewer: Asker, tag: string, limit: number): PopularTag[] {
  return findRelatedTags(ctx.db, { ...params(ctx, viewer, limit), tag: foldTag(tag) });
}

/** Ids of people here whom many follow and the viewer does not yet. */
export function popularAccounts(ctx: Context, viewer: Asker, limit: number): number[] {
  return findPopularAccounts(ctx.db, params(ctx, viewer, limit));
}

function params(ctx: Context, viewer: Asker, limit: number) {
  return { ...viewerParams(ctx, viewer), now: ctx.now(), limit };
}

function since(ctx: Context, days: number): number {
  return (ctx.now() - days * DAY) * IDS_A_MILLISECOND;
}
