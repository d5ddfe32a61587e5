import type { Database } from 'bun:sqlite';

/** What only the viewer knows of how they stand to an account; flags are 0 or 1. */
type Standing = {
  accountId: number;
  muting: number;
  mutingNotifications: number;
  mutingExpiresAt: number | null;
  hidingDomain: number;
  note: string;
};

/** Mutes, hidden servers and notes for many accounts, in the order of `ids`; unknown ids are left out. */
export function findStandings(db: Database, viewerId: number, ids: readonly number[]): Standing[] {
  return db
    .query<Standing, { viewerId: number; ids: string }>(
      `SELECT a.id AS accountId, m.target_id IS NOT NULL AS muting,
         ifnull(m.notifications, 0) AS mutingNotifications, m.expires_at AS mutingExpiresAt,
         h.id IS NOT NULL AS hidingDomain, ifnull(n.text, '') AS note
       FROM json_each($ids) j CROSS JOIN accounts a ON a.id = j.value
         LEFT JOIN mutes m ON m.account_id = $viewerId AND m.target_id = a.id
         LEFT JOIN hidden_domains h ON h.account_id = $viewerId AND h.domain = a.domain
         LEFT JOIN account_notes n ON n.account_id = $viewerId AND n.target_id = a.id
       ORDER BY j.key`,
    )
    .all({ viewerId, ids: JSON.stringify(ids) });
}
