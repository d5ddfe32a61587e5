import type { Database } from 'bun:sqlite';

/** Servers that something waits to be sent to. */
export function listWaitingHosts(db: Database): string[] {
  return db
    .query<{ host: string }, []>(`SELECT DISTINCT host FROM deliveries WHERE state = 'waiting'`)
    .all()
    .map((row) => row.host);
}

/** Gives up some of what waits to be sent to a server, and says how much that was. */
export function giveUpDeliveries(
  db: Database,
  { host, reason, now, limit }: { host: string; reason: string; now: number; limit: number },
): number {
  return db
    .query(
      `UPDATE deliveries SET state = 'given_up', finished_at = $now, last_error = $reason
       WHERE id IN (SELECT id FROM deliveries WHERE host = $host AND state = 'waiting' LIMIT $limit)`,
    )
    .run({ host, reason, now, limit }).changes;
}

/** Removes some of what came from accounts of blocked domains, and says how much that was. */
export function deleteCutItems(db: Database, limit: number): number {
  return db
    .query(
      `DELETE FROM inbox_items WHERE id IN (
         SELECT i.id FROM inbox_items i JOIN accounts a ON a.id = i.signer_id
         WHERE a.cut_at IS NOT NULL LIMIT $limit)`,
    )
    .run({ limit }).changes;
}
