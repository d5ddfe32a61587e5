import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { openPlace } from '#domain/backup/place.ts';
import { createTestApp } from '#test/harness/app.ts';
import { makeBackup } from './make-backup.ts';
import { createRestoreWorld, RESTORED_AT, type RestoreWorld } from './restore-world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** When the backup was made, a month before it is restored. */
const THEN = Date.parse('2026-01-02T03:04:05Z');

let world: RestoreWorld;
let place: Awaited<ReturnType<typeof openPlace>>;
beforeAll(async () => {
  world = await createRestoreWorld();
  const source = join(world.root, 'source');
  cpSync(world.data, source, { recursive: true });
  fillWithWork(join(source, 'tintype.db'));
  const target = world.freshTarget('busy');
  await makeBackup(source, target);
  place = await openPlace(target, { s3: null, passphrase: null });
}, 60_000);
afterAll(() => world.remove());

/** What waits at the moment of a backup. */
function fillWithWork(path: string): void {
  const db = new Database(path);
  const [person] = db
    .query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'member'`)
    .all();
  const id = person?.id ?? 0;
  const job = (n: number, kind: string, payload: object, key: string | null, at: number) =>
    db
      .query(
        `INSERT INTO jobs (id, kind, payload, unique_key, run_at, created_at) VALUES (?, ?, ?, ?, ?, 0)`,
      )
      .run(n, kind, JSON.stringify(payload), key, at);
  db.run('DELETE FROM jobs');
  job(1, 'push.send', { notificationId: 1, accountId: id, sessionId: 'x' }, null, THEN);
  job(2, 'posts.publish_scheduled', { scheduledId: 11 }, '11', THEN + DAY);
  job(3, 'posts.publish_scheduled', { scheduledId: 12 }, '12', RESTORED_AT + DAY);
  job(4, 'membership.purge', { accountId: id }, String(id), THEN + 10 * DAY);
  job(5, 'federation.distribute', { what: 'account', accountId: id }, null, THEN);
  const later = `INSERT INTO scheduled_posts (id, account_id, scheduled_at, input, created_at)`;
  const input = JSON.stringify({ caption: 'later', mediaIds: [], visibility: 'public' });
  db.query(`${later} VALUES (11, ?, ?, ?, 0)`).run(id, THEN + DAY, input);
  db.query(`${later} VALUES (12, ?, ?, ?, 0)`).run(id, RESTORED_AT + DAY, input);
  db.query('UPDATE accounts SET deletion_at = ? WHERE id = ?').run(THEN + 10 * DAY, id);
  db.run(`INSERT INTO activities (id, account_id, key_id, type, uri, source, body, created_at)
    VALUES (1, ${id}, 'k', 'Create', 'u', 's', '{}', ${THEN})`);
  for (let n = 0; n < 50; n += 1) {
    db.run(`INSERT INTO deliveries (id, activity_id, inbox, host, run_at)
      VALUES (${n * 7919 * 2048}, 1, 'https://h${n}.example/inbox', 'h${n}.example', ${THEN})`);
  }
  db.run(`INSERT INTO backup_runs (id, kind, place, started_at)
    VALUES (1, 'create', 'directory', ${THEN}), (2, 'drill', 'directory', ${THEN})`);
  db.run(`INSERT INTO exports (id, account_id, state, created_at) VALUES (1, ${id}, 'done', 0)`);
  db.run(`INSERT INTO imports (id, account_id, state, file, created_at, changed_at)
    VALUES (1, ${id}, 'importing', 'x', 0, 0), (2, ${id}, 'done', NULL, 0, 0)`);
  db.close();
}

test('what waited then neither storms nor surprises: it is slowed, held or forgotten, and told', async () => {
  const data = join(world.root, 'restored');
  const report = await world.restore(data, { place });
  expect(report.past).toEqual({
    heldPosts: 1,
    droppedPushes: 1,
    postponedPurges: 1,
    deliveries: 50,
    logins: 6,
  });
  const app = await createTestApp({ data, now: RESTORED_AT, still: true });
  const all = <Row>(sql: string) => app.ctx.db.query<Row, []>(sql).all();
  type Due = { id: number; run_at: number };

  // Deliveries begin after ten minutes and take an hour, not all at once.
  const due = all<Due>('SELECT id, run_at FROM deliveries').map((row) => row.run_at - RESTORED_AT);
  expect(Math.min(...due)).toBeGreaterThanOrEqual(10 * MINUTE);
  expect(Math.max(...due)).toBeLessThanOrEqual(70 * MINUTE);
  expect(new Set(due.map((each) => Math.floor(each / (10 * MINUTE)))).size).toBeGreaterThan(3);

  const jobs = all<Due & { kind: string }>('SELECT id, kind, run_at FROM jobs ORDER BY id');
  expect(jobs.map((job) => job.id)).toEqual([3, 4, 5]);
  expect(jobs[1]?.run_at).toBe(RESTORED_AT + 7 * DAY);
  expect(jobs[2]?.run_at).toBeGreaterThanOrEqual(RESTORED_AT + 10 * MINUTE);
  const posts = all<{ caption: string }>('SELECT caption FROM posts').length;
  await app.settle();
  // Nothing was published, nobody purged.
  expect(all('SELECT caption FROM posts').length).toBe(posts);
  expect(all('SELECT id FROM accounts WHERE deletion_at IS NOT NULL')).toHaveLength(1);

  const [held, ahead] = all<{ problem: string | null }>(
    'SELECT problem FROM scheduled_posts ORDER BY id',
  );
  expect(held?.problem).toContain('restored from a backup of 2026-01-02');
  expect(ahead?.problem).toBeNull();
  expect(all('SELECT outcome FROM backup_runs ORDER BY id')).toEqual([
    { outcome: 'done' },
    { outcome: 'interrupted' },
  ]);
  expect(all('SELECT id FROM exports')).toEqual([]);
  expect(all('SELECT state, file FROM imports ORDER BY id')).toEqual([
    { state: 'failed', file: null },
    { state: 'done', file: null },
  ]);
  expect(all(`SELECT value FROM settings WHERE key = 'backup.restored'`)).toHaveLength(1);
  await app.close();
});

test('logins stay as they were, or all end when somebody says so', async () => {
  const kept = join(world.root, 'kept-logins');
  await world.restore(kept, { place });
  const ended = join(world.root, 'ended-logins');
  const report = await world.restore(ended, { place, endLogins: true });
  expect(report.past.logins).toBe(0);
  for (const [data, status] of [
    [kept, 200],
    [ended, 401],
  ] as const) {
    const app = await createTestApp({ data });
    const answer = await app.request('/api/v1/timelines/home', { token: world.token });
    expect([data, answer.status]).toEqual([data, status]);
    await app.close();
  }
});
