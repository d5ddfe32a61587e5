import type { Relationship } from '#domain/relationships/reading.ts';
import { dateTime } from './dates.ts';

/** How the viewer stands to an account (Mastodon's Relationship). */
export type RelationshipJson = {
  id: string;
  following: boolean;
  showing_reblogs: boolean;
  notifying: boolean;
  languages: string[] | null;
  followed_by: boolean;
  blocking: boolean;
  blocked_by: boolean;
  muting: boolean;
  muting_notifications: boolean;
  muting_expires_at: string | null;
  requested: boolean;
  requested_by: boolean;
  domain_blocking: boolean;
  endorsed: boolean;
  note: string;
  following_since: string | null;
};

/** A relationship as apps read it. */
export function relationshipJson(relationship: Relationship): RelationshipJson {
  const { followingSince: since, mutingExpiresAt: expires } = relationship;
  return {
    id: String(relationship.accountId),
    following: relationship.following,
    showing_reblogs: relationship.showingShares,
    notifying: relationship.notifying,
    languages: null,
    followed_by: relationship.followedBy,
    blocking: relationship.blocking,
    blocked_by: relationship.blockedBy,
    muting: relationship.muting,
    muting_notifications: relationship.mutingNotifications,
    muting_expires_at: expires === null ? null : dateTime(expires),
    requested: relationship.requested,
    requested_by: relationship.requestedBy,
    domain_blocking: relationship.hidingDomain,
    endorsed: false,
    note: relationship.note,
    following_since: since === null ? null : dateTime(since),
  };
}
