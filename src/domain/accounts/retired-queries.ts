import type { Database } from 'bun:sqlite';

/** True for the name of an account that was deleted: its ids are known elsewhere, so nobody gets it again. */
export function isRetired(db: Database, username: string): boolean {
  return (
    db
      .query('SELECT 1 FROM retired_usernames WHERE username = lower($username)')
      .get({ username }) !== null
  );
}

/** Keeps a name from ever being given again. */
export function retireUsername(db: Database, username: string, now: number): void {
  db.query(
    `INSERT INTO retired_usernames (username, retired_at) VALUES (lower($username), $now)
     ON CONFLICT DO NOTHING`,
  ).run({ username, now });
}
