import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { findBlocksBetween } from './block-queries.ts';
import { type FollowRow, findFollowsBetween } from './queries.ts';
import { findStandings } from './standing-queries.ts';

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
  /** Boosts of the account are in the viewer's home timeline. */
  showingShares: boolean;
  /** The viewer is told of every new post. */
  notifying: boolean;
  muting: boolean;
  mutingNotifications: boolean;
  /** Milliseconds; null: until it is taken back. */
  mutingExpiresAt: number | null;
  /** The viewer hides the account's server. */
  hidingDomain: boolean;
  /** What the viewer noted, for their own eyes. */
  note: string;
};

/** How the viewer stands to each account asked for that there is, in that order, in three statements. */
export function readRelationships(db: Database, viewerId: number, ids: number[]): Relationship[] {
  if (ids.length === 0) return [];
  const outward = new Map<number, FollowRow>();
  const inward = new Map<number, string>();
  for (const follow of findFollowsBetween(db, viewerId, ids)) {
    if (follow.followerId === viewerId) outward.set(follow.followeeId, follow);
    else inward.set(follow.followerId, follow.state);
  }
  const blocks = findBlocksBetween(db, viewerId, ids);
  const blocked = new Set(blocks.map((block) => block.targetId));
  const blockers = new Set(blocks.map((block) => block.accountId));
  return findStandings(db, viewerId, ids).map((standing) => {
    const { accountId } = standing;
    const out = outward.get(accountId);
    const following = out?.state === 'accepted';
    return {
      accountId,
      following,
      requested: out?.state === 'requested',
      followedBy: inward.get(accountId) === 'accepted',
      requestedBy: inward.get(accountId) === 'requested',
      blocking: accountId !== viewerId && blocked.has(accountId),
      blockedBy: accountId !== viewerId && blockers.has(accountId),
      followingSince: following ? out.createdAt : null,
      showingShares: out?.showShares === 1,
      notifying: out?.notify === 1,
      muting: standing.muting !== 0,
      mutingNotifications: standing.mutingNotifications !== 0,
      mutingExpiresAt: standing.mutingExpiresAt,
      hidingDomain: standing.hidingDomain !== 0,
      note: standing.note,
    };
  });
}

const PEOPLE = {
  followers: { own: 'followee_id', other: 'follower_id', state: 'accepted' },
  following: { own: 'follower_id', other: 'followee_id', state: 'accepted' },
  requests: { own: 'followee_id', other: 'follower_id', state: 'requested' },
} as const;

/** Whom a viewer (0: a stranger) gets to see in lists of people: nobody of a block or of a hidden server. */
const SEEN = `($viewerId = 0 OR a.id = $viewerId OR NOT (
  EXISTS (SELECT 1 FROM blocks WHERE account_id = $viewerId AND target_id = a.id)
  OR EXISTS (SELECT 1 FROM blocks WHERE account_id = a.id AND target_id = $viewerId)
  OR EXISTS (SELECT 1 FROM hidden_domains h WHERE h.account_id = $viewerId
    AND h.domain = a.domain)))`;

/**
 * Ids of followers, of followed accounts or of waiting requests, without whom the viewer does not
 * want to see; paged by account id, newest account first.
 */
export function listPeople(
  db: Database,
  kind: keyof typeof PEOPLE,
  accountId: number,
  page: Page,
  viewerId = 0,
): number[] {
  const { own, other, state } = PEOPLE[kind];
  const upwards = page.minId !== null;
  const rows = db
    .query<{ id: number }, Record<string, number | string>>(
      `SELECT f.${other} AS id FROM follows f JOIN accounts a ON a.id = f.${other}
       WHERE f.${own} = $accountId AND f.state = $state
         AND a.suspended_at IS NULL AND a.deletion_at IS NULL AND ${SEEN}
         AND f.${other} < $maxId AND f.${other} > $sinceId
       ORDER BY f.${other} ${upwards ? 'ASC' : 'DESC'} LIMIT $limit`,
    )
    .all({
      accountId,
      viewerId,
      state,
      maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
      sinceId: page.minId ?? page.sinceId ?? 0,
      limit: page.limit,
    });
  const ids = rows.map((row) => row.id);
  return upwards ? ids.reverse() : ids;
}
