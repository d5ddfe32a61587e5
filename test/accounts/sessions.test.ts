import { expect, test } from 'bun:test';
import { updateSuspension } from '#domain/accounts/queries.ts';
import { endSessions, listSessions, readSession, startSession } from '#domain/accounts/sessions.ts';
import { sweepAccounts } from '#domain/accounts/sweep.ts';
import { createWorld } from './world.ts';

const DAY = 86_400_000;

test('the database holds only hashes of session ids, and the hash opens nothing', async () => {
  const { ctx, db, person } = createWorld();
  const ada = await person('ada', 'owner');
  const { id } = await startSession(ctx, ada.id, 'a test');
  const stored = db.query<{ id: string }, []>('SELECT id FROM sessions').get()?.id ?? '';
  expect(stored).toMatch(/^[0-9a-f]{64}$/);
  expect(stored).not.toContain(id);
  expect(await readSession(ctx, stored)).toBe(null);
  expect(await readSession(ctx, id)).toMatchObject({ viewer: ada, sessionId: stored });
});

test('a session ends after sixty days without use', async () => {
  const { ctx, db, person, advance } = createWorld();
  const ada = await person('ada', 'owner');
  const { id } = await startSession(ctx, ada.id, '');
  advance(60 * DAY + 1000);
  expect(await readSession(ctx, id)).toBe(null);
  expect(db.query('SELECT count(*) AS n FROM sessions').get()).toEqual({ n: 0 });
});

test('use in its second half renews a session, and the cookie is to be set again', async () => {
  const { ctx, person, advance } = createWorld();
  const ada = await person('ada', 'owner');
  const { id } = await startSession(ctx, ada.id, '');
  advance(15 * DAY);
  expect((await readSession(ctx, id))?.fresh).toBe(false);
  for (let n = 0; n < 5; n += 1) {
    advance(40 * DAY);
    expect((await readSession(ctx, id))?.fresh).toBe(true);
  }
  expect((await readSession(ctx, id))?.fresh).toBe(false);
});

test('the list shows when a session was last used, without a write at every request', async () => {
  const { ctx, db, person, advance } = createWorld();
  const ada = await person('ada', 'owner');
  const { id } = await startSession(ctx, ada.id, '');
  const seen = () => listSessions(ctx, ada.id)[0]?.lastSeenAt ?? 0;
  const first = seen();
  advance(60_000);
  const before = db.query('SELECT total_changes() AS n').get();
  await readSession(ctx, id);
  expect(db.query('SELECT total_changes() AS n').get()).toEqual(before as { n: number });
  expect(seen()).toBe(first);
  advance(3_600_000);
  await readSession(ctx, id);
  expect(seen()).toBe(ctx.now());
});

test('a suspended account has no session, even one that was not ended', async () => {
  const { ctx, db, person } = createWorld();
  const bob = await person('bob');
  const { id } = await startSession(ctx, bob.id, '');
  updateSuspension(db, bob.id, ctx.now());
  expect(await readSession(ctx, id)).toBe(null);
});

test('a change of role holds at the next request', async () => {
  const { ctx, db, person } = createWorld();
  const bob = await person('bob');
  const { id } = await startSession(ctx, bob.id, '');
  db.run(`UPDATE accounts SET role = 'admin'`);
  expect((await readSession(ctx, id))?.viewer.role).toBe('admin');
});

test('ids that cannot be ours are not looked up', async () => {
  const { ctx } = createWorld();
  for (const id of ['', 'x', 'x'.repeat(1_000_000), "' OR 1=1 --", '\u0000']) {
    expect(await readSession(ctx, id)).toBe(null);
  }
});

test('an account keeps its newest fifty sessions', async () => {
  const { ctx, person, advance } = createWorld();
  const ada = await person('ada', 'owner');
  const first = await startSession(ctx, ada.id, '');
  for (let n = 0; n < 50; n += 1) {
    advance(1000);
    await startSession(ctx, ada.id, '');
  }
  expect(listSessions(ctx, ada.id)).toHaveLength(50);
  expect(await readSession(ctx, first.id)).toBe(null);
});

test('all sessions of one person end without touching those of another', async () => {
  const { ctx, person } = createWorld();
  const ada = await person('ada', 'owner');
  const bob = await person('bob');
  const mine = await startSession(ctx, ada.id, '');
  const other = await startSession(ctx, ada.id, '');
  const his = await startSession(ctx, bob.id, '');
  const kept = (await readSession(ctx, mine.id))?.sessionId ?? '';
  endSessions(ctx, ada.id, { except: kept });
  expect(await readSession(ctx, mine.id)).not.toBe(null);
  expect(await readSession(ctx, other.id)).toBe(null);
  expect(await readSession(ctx, his.id)).not.toBe(null);
});

test('the sweep removes what is over and nothing else', async () => {
  const { ctx, db, person, advance } = createWorld();
  const ada = await person('ada', 'owner');
  await startSession(ctx, ada.id, 'old');
  advance(30 * DAY);
  await startSession(ctx, ada.id, 'new');
  advance(31 * DAY);
  sweepAccounts(ctx);
  expect(db.query('SELECT user_agent FROM sessions').values()).toEqual([['new']]);
});
