import type { Database } from 'bun:sqlite';

export type FollowState = 'requested' | 'accepted';

export type FollowRow = {
  followerId: number;
  followeeId: number;
  state: FollowState;
  createdAt: number;
  /** Id of the Follow activity, where one side is remote. */
  uri: string | null;
  /** 1: what the followee boosts is in the follower's home timeline. */
  showShares: number;
  /** 1: the follower is told of every new post. */
  notify: number;
};

/** A follow as it begins; boosts are shown and nobody is told of posts unless it says otherwise. */
export type NewFollow = Omit<FollowRow, 'uri' | 'showShares' | 'notify'> &
  Partial<Pick<FollowRow, 'uri' | 'showShares' | 'notify'>>;

const FOLLOW_COLUMNS = `follower_id AS followerId, followee_id AS followeeId, state,
  created_at AS createdAt, uri, show_shares AS showShares, notify`;

/** One follow, or null. */
export function findFollow(db: Database, followerId: number, followeeId: number): FollowRow | null {
  return db
    .query<FollowRow, { followerId: number; followeeId: number }>(
      `SELECT ${FOLLOW_COLUMNS} FROM follows
       WHERE follower_id = $followerId AND followee_id = $followeeId`,
    )
    .get({ followerId, followeeId });
}

/** Follows between one account and many others, in both directions. */
export function findFollowsBetween(db: Database, accountId: number, ids: number[]): FollowRow[] {
  return db
    .query<FollowRow, { accountId: number; ids: string }>(
      `SELECT ${FOLLOW_COLUMNS} FROM follows
       WHERE follower_id = $accountId AND followee_id IN (SELECT value FROM json_each($ids))
       UNION ALL
       SELECT ${FOLLOW_COLUMNS} FROM follows
       WHERE followee_id = $accountId AND follower_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ accountId, ids: JSON.stringify(ids) });
}

/** Stores a follow; does nothing when there is one already. */
export function insertFollow(db: Database, follow: NewFollow): void {
  db.query(
    `INSERT INTO follows (follower_id, followee_id, state, created_at, uri, show_shares, notify)
     VALUES ($followerId, $followeeId, $state, $createdAt, $uri, $showShares, $notify)
     ON CONFLICT DO NOTHING`,
  ).run({ uri: null, showShares: 1, notify: 0, ...follow });
}

/** Stores what the follower wants of the followee. */
export function updateFollowOptions(
  db: Database,
  row: Pick<FollowRow, 'followerId' | 'followeeId' | 'showShares' | 'notify'>,
): void {
  db.query(
    `UPDATE follows SET show_shares = $showShares, notify = $notify
     WHERE follower_id = $followerId AND followee_id = $followeeId`,
  ).run(row);
}

/** Ids of the followers who want to be told of every new post. */
export function listWatchers(db: Database, followeeId: number): number[] {
  return db
    .query<{ id: number }, { followeeId: number }>(
      `SELECT follower_id AS id FROM follows INDEXED BY follows_notify
       WHERE followee_id = $followeeId AND notify = 1 AND state = 'accepted'`,
    )
    .all({ followeeId })
    .map((row) => row.id);
}

/** Notes under which id a follow was asked for last. */
export function updateFollowUri(
  db: Database,
  row: { followerId: number; followeeId: number; uri: string },
): void {
  db.query(
    `UPDATE follows SET uri = $uri
     WHERE follower_id = $followerId AND followee_id = $followeeId`,
  ).run(row);
}

/** Turns a request into a follow; true when there was one. */
export function acceptFollow(db: Database, followerId: number, followeeId: number): boolean {
  const { changes } = db
    .query(
      `UPDATE follows SET state = 'accepted'
       WHERE follower_id = $followerId AND followee_id = $followeeId AND state = 'requested'`,
    )
    .run({ followerId, followeeId });
  return changes > 0;
}

/** Removes a follow or a request and says what it was; null when there was none. */
export function deleteFollow(
  db: Database,
  followerId: number,
  followeeId: number,
): FollowState | null {
  const row = db
    .query<{ state: FollowState }, { followerId: number; followeeId: number }>(
      `DELETE FROM follows WHERE follower_id = $followerId AND followee_id = $followeeId
       RETURNING state`,
    )
    .get({ followerId, followeeId });
  return row?.state ?? null;
}

/** Adds to both counters of an accepted follow: +1 when it begins, -1 when it ends. */
export function countFollow(
  db: Database,
  followerId: number,
  followeeId: number,
  change: 1 | -1,
): void {
  db.query(
    'UPDATE accounts SET following_count = following_count + $change WHERE id = $followerId',
  ).run({ change, followerId });
  db.query(
    'UPDATE accounts SET followers_count = followers_count + $change WHERE id = $followeeId',
  ).run({ change, followeeId });
}

/** Ids of the next accounts after one, of this server and of others. */
export function listAccountIdsAfter(db: Database, after: number, limit: number): number[] {
  return db
    .query<{ id: number }, { after: number; limit: number }>(
      'SELECT id FROM accounts WHERE id > $after ORDER BY id LIMIT $limit',
    )
    .all({ after, limit })
    .map((row) => row.id);
}

/** Sets both numbers of an account right by its accepted follows; true if one was wrong. */
export function correctFollows(db: Database, accountId: number): boolean {
  const followers = `(SELECT count(*) FROM follows
    WHERE followee_id = $accountId AND state = 'accepted')`;
  const following = `(SELECT count(*) FROM follows
    WHERE follower_id = $accountId AND state = 'accepted')`;
  return (
    db
      .query<{ id: number }, { accountId: number }>(
        `UPDATE accounts SET followers_count = ${followers}, following_count = ${following}
         WHERE id = $accountId
           AND (followers_count <> ${followers} OR following_count <> ${following})
         RETURNING id`,
      )
      .get({ accountId }) !== null
  );
}

/** Every account on the other side of an accepted follow of this one. */
export function listFollowPartners(
  db: Database,
  accountId: number,
): { followers: number[]; followees: number[] } {
  const ids = (sql: string) =>
    db
      .query<{ id: number }, { accountId: number }>(sql)
      .all({ accountId })
      .map((row) => row.id);
  return {
    followers: ids(
      `SELECT follower_id AS id FROM follows WHERE followee_id = $accountId AND state = 'accepted'`,
    ),
    followees: ids(
      `SELECT followee_id AS id FROM follows WHERE follower_id = $accountId AND state = 'accepted'`,
    ),
  };
}

/** Removes every follow and request of an account, both directions, and takes it off all lists. */
export function deleteFollowsOf(db: Database, accountId: number): void {
  db.query('DELETE FROM list_accounts WHERE account_id = $accountId').run({ accountId });
  db.query('DELETE FROM follows WHERE follower_id = $accountId OR followee_id = $accountId').run({
    accountId,
  });
}

/** How many people wait for an answer of this account. */
export function countFollowRequests(db: Database, accountId: number): number {
  const row = db
    .query<{ n: number }, { accountId: number }>(
      `SELECT count(*) AS n FROM follows WHERE followee_id = $accountId AND state = 'requested'`,
    )
    .get({ accountId });
  return row?.n ?? 0;
}
