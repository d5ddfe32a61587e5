import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import {
  listDirectory,
  listFamiliar,
  listFriendsOfFriends,
  listMostFollowed,
} from './people-queries.ts';

type Asker = Pick<Viewer, 'id'> | null;

function params(ctx: Context, viewer: Asker) {
  return { ...viewerParams(ctx, viewer), now: ctx.now() };
}

/** Ids of the people who want to be found; strangers get those of this instance, none where it is closed. */
export function readDirectory(
  ctx: Context,
  viewer: Asker,
  asked: { order: 'active' | 'new'; local: boolean; offset: number; limit: number },
): number[] {
  return listDirectory(ctx.db, params(ctx, viewer), asked);
}

/** Whom somebody may want to follow, and why. */
export type Suggestion = { accountId: number; why: 'friends_of_friends' | 'most_followed' };

/** People whom the viewer does not follow yet and who want to be found: first whom their own people follow. */
export function suggestPeople(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  limit: number,
): Suggestion[] {
  const friends = listFriendsOfFriends(ctx.db, params(ctx, viewer), limit);
  const popular = listMostFollowed(ctx.db, params(ctx, viewer), limit);
  const why = new Map<number, Suggestion['why']>(popular.map((id) => [id, 'most_followed']));
  for (const id of friends) why.set(id, 'friends_of_friends');
  return [...new Set([...friends, ...popular])]
    .slice(0, limit)
    .map((accountId) => ({ accountId, why: why.get(accountId) ?? 'most_followed' }));
}

/** For each account, whom of those the viewer follows follow it, too: at most forty. */
export function familiarFollowers(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  ids: readonly number[],
): Map<number, number[]> {
  const rows =
    ids.length > 0 ? listFamiliar(ctx.db, { viewerId: viewer.id, now: ctx.now() }, ids, 40) : [];
  const found = Map.groupBy(rows, (row) => row.accountId);
  return new Map(ids.map((id) => [id, (found.get(id) ?? []).map((row) => row.followerId)]));
}
