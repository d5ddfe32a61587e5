import type { Database } from 'bun:sqlite';

export const pushPolicies = ['all', 'followed', 'follower', 'none'] as const;
export type PushPolicy = (typeof pushPolicies)[number];

/** Where a push service takes messages for one app or browser, and the keys they are sealed with. */
export type PushTarget = { endpoint: string; p256dh: string; auth: string };

/** What an app subscribed to. */
export type PushRow = PushTarget & {
  id: number;
  tokenId: number;
  accountId: number;
  /** 1: RFC 8291; 0: the draft before it. */
  standard: number;
  /** JSON: types that are wanted, with true. */
  alerts: string;
  policy: PushPolicy;
  /** The app's own token, sealed; '' if it is not known. */
  sealedToken: string;
};

/** A browser that is told of news of its session's account. */
export type BrowserPushRow = PushTarget & { sessionId: string; accountId: number };

const COLUMNS = `id, token_id AS tokenId, account_id AS accountId, endpoint, p256dh, auth,
  standard, alerts, policy, sealed_token AS sealedToken`;

/** Stores the subscription of a token; it has one at most. */
export function savePush(db: Database, row: PushRow & { now: number }): void {
  db.query(
    `INSERT INTO push_subscriptions (id, token_id, account_id, endpoint, p256dh, auth, standard,
       alerts, policy, sealed_token, created_at)
     VALUES ($id, $tokenId, $accountId, $endpoint, $p256dh, $auth, $standard,
       $alerts, $policy, $sealedToken, $now)
     ON CONFLICT (token_id) DO UPDATE SET id = excluded.id, endpoint = excluded.endpoint,
       p256dh = excluded.p256dh, auth = excluded.auth, standard = excluded.standard,
       alerts = excluded.alerts, policy = excluded.policy, sealed_token = excluded.sealed_token,
       created_at = excluded.created_at`,
  ).run(row);
}

/** The subscription of a token. */
export function findPushOfToken(db: Database, tokenId: number): PushRow | null {
  return db
    .query<PushRow, { tokenId: number }>(
      `SELECT ${COLUMNS} FROM push_subscriptions WHERE token_id = $tokenId`,
    )
    .get({ tokenId });
}

/** A subscription by its own id; none of a suspended account or a token that is over. */
export function findPush(db: Database, id: number, now: number): PushRow | null {
  return db
    .query<PushRow, { id: number; now: number }>(
      `SELECT ${COLUMNS} FROM push_subscriptions s WHERE s.id = $id
         AND EXISTS (SELECT 1 FROM access_tokens t JOIN accounts a ON a.id = t.account_id
           WHERE t.id = s.token_id AND a.suspended_at IS NULL
             AND (t.expires_at IS NULL OR t.expires_at > $now))`,
    )
    .get({ id, now });
}

/** Which of an account's subscriptions there are, with what each wants. */
export function listPushOf(db: Database, accountId: number): { id: number; alerts: string }[] {
  return db
    .query<{ id: number; alerts: string }, { accountId: number }>(
      'SELECT id, alerts FROM push_subscriptions WHERE account_id = $accountId',
    )
    .all({ accountId });
}

/** Changes what a subscription wants. */
export function updatePush(
  db: Database,
  row: { tokenId: number; alerts: string; policy: PushPolicy },
): void {
  db.query(
    'UPDATE push_subscriptions SET alerts = $alerts, policy = $policy WHERE token_id = $tokenId',
  ).run(row);
}

/** Ends the subscription of a token. */
export function deletePushOfToken(db: Database, tokenId: number): void {
  db.query('DELETE FROM push_subscriptions WHERE token_id = $tokenId').run({ tokenId });
}

/** Ends a subscription, because its push service does not know it any more. */
export function deletePush(db: Database, id: number): void {
  db.query('DELETE FROM push_subscriptions WHERE id = $id').run({ id });
}

/** Stores where the browser of a session is told. */
export function saveBrowserPush(db: Database, row: BrowserPushRow & { now: number }): void {
  db.query(
    `INSERT INTO browser_push (session_id, account_id, endpoint, p256dh, auth, created_at)
     VALUES ($sessionId, $accountId, $endpoint, $p256dh, $auth, $now)
     ON CONFLICT (session_id) DO UPDATE SET endpoint = excluded.endpoint,
       p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at`,
  ).run(row);
}

/** Where the browser of a session is told; none of a suspended account or a session that is over. */
export function findBrowserPush(
  db: Database,
  sessionId: string,
  now: number,
): BrowserPushRow | null {
  return db
    .query<BrowserPushRow, { sessionId: string; seconds: number }>(
      `SELECT session_id AS sessionId, account_id AS accountId, endpoint, p256dh, auth
       FROM browser_push b WHERE session_id = $sessionId
         AND EXISTS (SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.user_id
           WHERE s.id = b.session_id AND a.suspended_at IS NULL AND s.expires_at > $seconds)`,
    )
    .get({ sessionId, seconds: Math.floor(now / 1000) });
}

/** The sessions of an account whose browsers are told. */
export function listBrowserPushOf(db: Database, accountId: number): string[] {
  return db
    .query<{ sessionId: string }, { accountId: number }>(
      'SELECT session_id AS sessionId FROM browser_push WHERE account_id = $accountId',
    )
    .all({ accountId })
    .map((row) => row.sessionId);
}

/** Tells the browser of a session no more. */
export function deleteBrowserPush(db: Database, sessionId: string): void {
  db.query('DELETE FROM browser_push WHERE session_id = $sessionId').run({ sessionId });
}

/** Whether an account follows another, as accepted. */
export function isFollowing(db: Database, followerId: number, followeeId: number): boolean {
  return (
    db
      .query(
        `SELECT 1 FROM follows WHERE follower_id = $followerId AND followee_id = $followeeId
           AND state = 'accepted'`,
      )
      .get({ followerId, followeeId }) !== null
  );
}
