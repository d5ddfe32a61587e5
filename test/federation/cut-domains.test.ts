import { afterEach, beforeEach, expect, test } from 'bun:test';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { readPostsByIds } from '#domain/posts/reading.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import { beginFollow } from '#domain/relationships/begin-follow.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let ann: Person;

beforeEach(async () => {
  app = await createTestApp({
    config: { origin: 'http://127.0.0.1:4000', allowAddresses: ['127.0.0.0/8'] },
  });
  ann = await app.person('ann', 'owner');
});
afterEach(() => app.close());

function remote(username: string, domain: string, host = domain): AccountRow {
  const uri = `https://${host}/users/${username}`;
  const nothing = { sharedInboxUrl: null, outboxUrl: null, followersUrl: null, followingUrl: null };
  return receiveAccount(app.ctx, {
    ...{ uri, username, domain, type: 'Person', displayName: username, bioHtml: '', fields: [] },
    ...{ url: null, inboxUrl: `${uri}/inbox`, ...nothing, featuredUrl: null, avatarUrl: null },
    ...{ headerUrl: null, locked: false, discoverable: true, indexable: true },
    ...{ hideCollections: false, alsoKnownAs: [], movedToUri: null, key: null, createdAt: null },
  });
}

function postOf(author: AccountRow): number {
  const uri = `${author.uri}/posts/${app.ctx.newId()}`;
  const made = receivePost(app.ctx, {
    ...{ uri, url: null, accountId: author.id, visibility: 'public', captionHtml: '<p>Hi</p>' },
    ...{ caption: 'Hi', spoiler: '', sensitive: false, language: null, licence: null, place: '' },
    ...{ publishedAt: app.ctx.now(), updatedAt: null, inReplyToUri: null, photos: [], tags: [] },
    ...{ mentionedIds: [], repliesUrl: null },
    ...{ commentsDisabled: false, likesDisabled: false, sharesDisabled: false },
  });
  if (made === null) throw new Error('The post was refused.');
  return made.postId;
}

const follow = (followerId: number, followeeId: number) =>
  beginFollow(app.ctx, {
    ...{ followerId, followeeId, state: 'accepted', createdAt: app.ctx.now(), uri: null },
  });
const account = (id: number) => {
  const row = findAccount(app.ctx.db, id);
  if (row === null) throw new Error('There is no such account.');
  return row;
};
const sees = (postId: number) => readPostsByIds(app.ctx, ann.viewer, [postId]).length === 1;

function counts(id: number): [number, number] {
  const { followersCount, followingCount } = account(id);
  return [followersCount, followingCount];
}

function queueDelivery(host: string): void {
  const { ctx } = app;
  const id = ctx.newId();
  ctx.db.run(`INSERT INTO activities (id, account_id, key_id, uri, source, type, body, created_at)
    VALUES (${id}, ${ann.viewer.id}, '', 'x:${id}', 'x:${id}', 'Create', '{}', 0)`);
  ctx.db.run(`INSERT INTO deliveries (id, activity_id, inbox, host, run_at)
    VALUES (${ctx.newId()}, ${id}, 'https://${host}/inbox', '${host}', ${ctx.now() + 1e9})`);
}

function queueItem(signerId: number): void {
  const { ctx } = app;
  ctx.db.run(`INSERT INTO inbox_items (id, signer_id, body, received_at, run_at)
    VALUES (${ctx.newId()}, ${signerId}, '{}', 0, ${ctx.now() + 1e9})`);
}

test('a block ends follows in both directions with exact numbers, and hides who is there with what they posted', async () => {
  const [bad, below, good] = [
    remote('bad', 'bad.example'),
    remote('low', 'a.bad.example'),
    remote('good', 'notbad.example'),
  ];
  const posts = [bad, below, good].map(postOf);
  for (const { id } of [bad, below, good]) {
    follow(ann.viewer.id, id);
    follow(id, ann.viewer.id);
  }
  expect(counts(ann.viewer.id)).toEqual([3, 3]);
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  await app.settle();
  expect(counts(ann.viewer.id)).toEqual([1, 1]);
  expect([counts(bad.id), counts(below.id), counts(good.id)]).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(findFollow(app.ctx.db, bad.id, ann.viewer.id)).toBeNull();
  expect(posts.map(sees)).toEqual([false, false, true]);
});

test('lifting a block shows everything again, but not whom a moderator suspended', async () => {
  const [cut, suspended] = [remote('cut', 'bad.example'), remote('sus', 'bad.example')];
  const posts = [postOf(cut), postOf(suspended)];
  app.ctx.db.run(`UPDATE accounts SET suspended_at = 1 WHERE id = ${suspended.id}`);
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  await app.settle();
  expect(posts.map(sees)).toEqual([false, false]);
  removeRule(app.ctx, 'bad.example');
  await app.settle();
  expect(posts.map(sees)).toEqual([true, false]);
  expect(account(suspended.id).suspendedAt).toBe(1);
});

test('whom a moderator suspends while their domain is blocked stays away when the block is lifted', async () => {
  const [cut, suspended] = [remote('cut', 'bad.example'), remote('sus', 'bad.example')];
  const posts = [postOf(cut), postOf(suspended)];
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  await app.settle();
  suspendAccount(app.ctx, 'console', suspended.id);
  // Restored by name, the rule of the domain hides them all the same.
  restoreAccount(app.ctx, 'console', cut.id);
  await app.settle();
  expect(posts.map(sees)).toEqual([false, false]);
  removeRule(app.ctx, 'bad.example');
  await app.settle();
  expect(posts.map(sees)).toEqual([true, false]);
  restoreAccount(app.ctx, 'console', suspended.id);
  await app.settle();
  expect(posts.map(sees)).toEqual([true, true]);
});

test('an allowed server below a blocked domain stays, and a blocked server takes its handles along', async () => {
  const kept = remote('kept', 'nice.bad.example');
  const split = remote('split', 'pretty.example', 'social.bad.example');
  setRule(app.ctx, null, { domain: 'nice.bad.example', rule: 'allow' });
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  await app.settle();
  expect(account(kept.id).suspendedAt).toBeNull();
  expect(account(split.id).suspendedAt).not.toBeNull();
});

test('what waits for a blocked server is given up in sight, and what waits from it is forgotten', async () => {
  const [bad, good] = [remote('bad', 'bad.example'), remote('good', 'good.example')];
  for (const host of ['bad.example', 'x.bad.example', 'good.example']) queueDelivery(host);
  for (const { id } of [bad, good]) queueItem(id);
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  await app.settle();
  const rows = app.ctx.db.query<{ host: string; state: string; error: string | null }, []>(
    'SELECT host, state, last_error AS error FROM deliveries ORDER BY host',
  );
  expect(rows.all()).toEqual([
    { host: 'bad.example', state: 'given_up', error: 'This server is blocked here.' },
    { host: 'good.example', state: 'waiting', error: null },
    { host: 'x.bad.example', state: 'given_up', error: 'This server is blocked here.' },
  ]);
  const items = app.ctx.db.query<{ id: number }, []>('SELECT signer_id AS id FROM inbox_items');
  expect(items.all()).toEqual([{ id: good.id }]);
});

test('a limit marks who is there and who comes later, beside what a moderator said, and goes with its rule', async () => {
  const [plain, marked] = [remote('one', 'loud.example'), remote('two', 'loud.example')];
  app.ctx.db.run(`UPDATE accounts SET limited = 1 WHERE id = ${marked.id}`);
  setRule(app.ctx, null, { domain: 'loud.example', rule: 'limit' });
  await app.settle();
  const later = remote('three', 'loud.example');
  const limited = () => [plain, marked, later].map(({ id }) => account(id).limited);
  expect(limited()).toEqual([2, 3, 2]);
  remote('one', 'loud.example');
  expect(limited()).toEqual([2, 3, 2]);
  removeRule(app.ctx, 'loud.example');
  await app.settle();
  expect(limited()).toEqual([0, 1, 0]);
});

test('T28: who comes from a blocked domain by another way is hidden from the start, and cannot post', async () => {
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  const late = remote('late', 'bad.example');
  expect(account(late.id).suspendedAt).not.toBeNull();
  expect(() => postOf(late)).toThrow('refused');
});

test('a thousand accounts are cut in steps that leave the pages time', async () => {
  for (let i = 0; i < 1000; i += 1) remote(`n${i}`, `h${i % 7}.bad.example`);
  setRule(app.ctx, null, { domain: 'bad.example', rule: 'block' });
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await app.settle();
  clearInterval(timer);
  const left = app.ctx.db.query<{ n: number }, []>(
    'SELECT count(*) AS n FROM accounts WHERE domain IS NOT NULL AND suspended_at IS NULL',
  );
  expect(left.get()?.n).toBe(0);
  expect(turns).toBeGreaterThan(3);
});
