import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { findBlocksBetween } from './block-queries.ts';
import { findFollowsBetween } from './queries.ts';

/** How one account (the viewer) stands to another. */
export type Relationship = {
  accountId: number;
  following: boolean;
  requested: boolean;
  followedBy: boolean;
  requestedBy: boolean;
  blocking: boolean;
  blockedBy: boolean;
  /** Milliseconds; null when not following. */
  followingSince: number | null;
};

/** How the viewer stands to each account asked for, in that order, in two statements. */
export function readRelationships(db: Database, viewerId: number, ids: number[]): Relationship[] {
  const outward = new Map<number, { state: string; at: number }>();
  const inward = new Map<number, string>();
  for (const follow of ids.length > 0 ? findFollowsBetween(db, viewerId, ids) : []) {
    if (follow.followerId === viewerId) {
      outward.set(follow.followeeId, { state: follow.state, at: follow.createdAt });
    } else inward.set(follow.followerId, follow.state);
  }
  const blocks = ids.length > 0 ? findBlocksBetween(db, viewerId, ids) : [];
  const blocked = new Set(blocks.map((block) => block.targetId));
  const blockers = new Set(blocks.map((block) => block.accountId));
  return ids.map((accountId) => {
    const out = outward.get(accountId);
    return {
      accountId,
      following: out?.state === 'accepted',
      requested: out?.state === 'requested',
      followedBy: inward.get(accountId) === 'accepted',
      requestedBy: inward.get(accountId) === 'requested',
      blocking: accountId !== viewerId && blocked.has(accountId),
      blockedBy: accountId !== viewerId && blockers.has(accountId),
      followingSince: out?.state === 'accepted' ? out.at : null,
    };
  });
}

const PEOPLE = {
  followers: { own: 'followee_id', other: 'follower_id', state: 'accepted' },
  following: { own: 'follower_id', other: 'followee_id', state: 'accepted' },
  requests: { own: 'followee_id', other: 'follower_id', state: 'requested' },
} as const;

/** Ids of followers, of followed accounts or of waiting requests; paged by account id, newest account first. */
export function listPeople(
  db: Database,
  kind: keyof typeof PEOPLE,
  accountId: number,
  page: Page,
): number[] {
  const { own, other, state } = PEOPLE[kind];
  const upwards = page.minId !== null;
  const rows = db
    .query<{ id: number }, Record<string, number | string>>(
      `SELECT f.${other} AS id FROM follows f JOIN accounts a ON a.id = f.${other}
       WHERE f.${own} = $accountId AND f.state = $state
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL
         AND f.${other} < $maxId AND f.${other} > $sinceId
       ORDER BY f.${other} ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      state,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  const ids = rows.map((row) => row.id);
  return upwards ? ids.reverse() : ids;
}
