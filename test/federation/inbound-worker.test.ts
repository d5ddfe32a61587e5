import { afterAll, afterEach, beforeEach, expect, test } from 'bun:test';
import { runCommand } from '#app/admin/run-command.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';
import { accountOf, activityOf, knowActor, letFollow, noteOf, rowsIn } from './inbound-world.ts';

const peer = createPeer({ address: '127.0.0.3' });
const slow = createPeer({ address: '127.0.0.4' });
let app: FederatedApp;
let ann: Person;
let round = 0;

beforeEach(async () => {
  round += 1;
  app = await createFederatedApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
});
afterEach(() => app.close());
afterAll(() => Promise.all([peer.close(), slow.close()]));

const inbox = () => `${app.origin}/inbox`;

test('what was promised is done after a restart', async () => {
  const bob = peer.actor(`restart${round}`);
  await letFollow(app, ann, bob);
  const note = noteOf(bob, 1);
  await peer.post(inbox(), activityOf(bob, 'Create', note), { as: bob });
  expect(rowsIn(app, 'inbox_items')).toBe(1);
  app = (await app.reopen()) as FederatedApp;
  await settleAll(app);
  expect(readPostByUri(app.ctx, String(note.id))).not.toBeNull();
  expect(rowsIn(app, 'inbox_items')).toBe(0);
});

test('many that come at once share commits, none is lost, none is doubled', async () => {
  const bob = peer.actor(`storm${round}`);
  await letFollow(app, ann, bob);
  const activities = Array.from({ length: 120 }, (_, i) =>
    activityOf(bob, 'Create', noteOf(bob, i)),
  );
  const answers = await Promise.all(
    activities.map((activity) => peer.post(inbox(), activity, { as: bob })),
  );
  expect(answers.every(({ status }) => status === 202)).toBe(true);
  expect(rowsIn(app, 'inbox_items')).toBe(120);
  await settleAll(app);
  expect(rowsIn(app, 'posts')).toBe(120);
  expect(accountOf(app, bob)?.postsCount).toBe(120);
});

test('a server that does not answer holds nobody else up', async () => {
  const bob = peer.actor(`quick${round}`);
  const eve = slow.actor(`slow${round}`);
  await letFollow(app, ann, bob);
  await letFollow(app, ann, eve);
  const gate = Promise.withResolvers<void>();
  slow.serve('/hanging', async () => {
    await gate.promise;
    return new Response('late', { status: 404 });
  });
  const waiting = noteOf(eve, 1, { inReplyTo: `${slow.origin}/hanging` });
  await slow.post(inbox(), activityOf(eve, 'Create', waiting), { as: eve });
  const note = noteOf(bob, 1);
  await peer.post(inbox(), activityOf(bob, 'Create', note), { as: bob });
  const settled = settleAll(app);
  while (readPostByUri(app.ctx, String(note.id)) === null) await Bun.sleep(5);
  expect(readPostByUri(app.ctx, String(waiting.id))).toBeNull();
  gate.resolve();
  await settled;
  // Without what it answers, the comment is stored all the same.
  expect(readPostByUri(app.ctx, String(waiting.id))?.inReplyToUri).toBe(`${slow.origin}/hanging`);
});

test('what fails is tried again, later ones of the same account wait for it, and at last it is shown as dead', async () => {
  const bob = peer.actor(`failing${round}`);
  await letFollow(app, ann, bob);
  const note = noteOf(bob, 1);
  // A trigger stands for a fault of ours.
  app.ctx.db.run(
    `CREATE TRIGGER fault BEFORE INSERT ON posts BEGIN SELECT raise(ABORT, 'a fault'); END`,
  );
  await peer.post(inbox(), activityOf(bob, 'Create', note), { as: bob });
  await settleAll(app);
  expect(rowsIn(app, 'inbox_items', `attempts = 1 AND last_error LIKE '%a fault%'`)).toBe(1);
  const edited = { ...note, content: 'Edited', updated: '2026-01-03T00:00:00Z' };
  await peer.post(inbox(), activityOf(bob, 'Update', edited), { as: bob });
  await settleAll(app);
  expect(rowsIn(app, 'inbox_items')).toBe(2);
  app.ctx.db.run('DROP TRIGGER fault');
  app.clock.advance(60_000);
  await settleAll(app);
  expect(readPostByUri(app.ctx, String(note.id))?.caption).toBe('Edited');

  app.ctx.db.run(
    `CREATE TRIGGER fault BEFORE INSERT ON posts BEGIN SELECT raise(ABORT, 'a fault'); END`,
  );
  const second = noteOf(bob, 2);
  const date = new Date(app.clock.now()).toUTCString();
  await peer.post(inbox(), activityOf(bob, 'Create', second), { as: bob, tamper: { date } });
  for (let tries = 0; tries < 8; tries += 1) {
    await settleAll(app);
    app.clock.advance(8 * 3_600_000);
  }
  const list = (await runCommand(app.app, 'jobs.list', { state: 'dead' })) as {
    jobs: { kind: string; lastError: string }[];
  };
  expect(list.jobs).toMatchObject([{ kind: 'federation.inbox', attempts: 8 }]);
  expect(list.jobs[0]?.lastError).toBe(`from ${peer.host}: a fault`);
  app.ctx.db.run('DROP TRIGGER fault');
  expect(await runCommand(app.app, 'jobs.retry', { which: 'federation.inbox' })).toEqual({
    retried: 1,
  });
  await settleAll(app);
  expect(readPostByUri(app.ctx, String(second.id))).not.toBeNull();
});

test('what was seen is forgotten once nobody can send it again', async () => {
  const bob = peer.actor(`seen${round}`);
  await letFollow(app, ann, bob);
  await peer.post(inbox(), activityOf(bob, 'Create', noteOf(bob, 1)), { as: bob });
  await settleAll(app);
  expect(rowsIn(app, 'inbox_seen')).toBe(2);
  app.clock.advance(8 * 86_400_000);
  await app.app.cron.run('inbox.sweep');
  expect(rowsIn(app, 'inbox_seen')).toBe(0);
});

test('a server that is blocked after it was promised something gets nothing of it', async () => {
  const bob = peer.actor(`blocked${round}`);
  await letFollow(app, ann, bob);
  const note = noteOf(bob, 1);
  await peer.post(inbox(), activityOf(bob, 'Create', note), { as: bob });
  setRule(app.ctx, null, { domain: peer.host, rule: 'block' });
  const asked = peer.requests.length;
  const blocked = await fetch(inbox(), {
    method: 'POST',
    headers: { 'content-type': 'application/activity+json', signature: `keyId="${bob.keyId}"` },
    body: '['.repeat(100),
  });
  expect([blocked.status, await blocked.json()]).toEqual([
    403,
    { error: 'This server does not speak with yours.' },
  ]);
  await settleAll(app);
  expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
  expect(peer.requests.length).toBe(asked);
});

test('nobody has an inbox where nobody is spoken with', async () => {
  const closed = await createFederatedApp({
    address: '127.0.0.2',
    settings: { 'federation.with': 'off' },
  });
  await closed.person('ann', 'owner');
  const bob = peer.actor(`closed${round}`);
  const statuses: number[] = [];
  for (const path of ['/inbox', '/users/ann/inbox', '/actor/inbox']) {
    const like = activityOf(bob, 'Like', `${closed.origin}/users/ann`);
    statuses.push((await peer.post(closed.origin + path, like, { as: bob })).status);
  }
  expect(statuses).toEqual([404, 404, 404]);
  expect(peer.requests.some(({ path }) => path.includes(bob.name))).toBe(false);
  await closed.close();
});

test('a cookie, an origin or a session changes nothing at an inbox', async () => {
  const bob = peer.actor(`cookie${round}`);
  const account = await knowActor(app, bob);
  const headers = {
    cookie: ann.cookie,
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
  };
  const follow = activityOf(bob, 'Follow', `${app.origin}/users/ann`);
  const answer = await peer.post(inbox(), follow, { as: bob, tamper: { headers } });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('set-cookie')).toBeNull();
  await settleAll(app);
  expect(findAccount(app.ctx.db, account.id)?.followingCount).toBe(1);
});
