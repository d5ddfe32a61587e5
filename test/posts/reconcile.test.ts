import { afterAll, beforeAll, expect, test } from 'bun:test';
import { transaction } from '#base/db/transaction.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { archivePost } from '#domain/posts/archive.ts';
import { deletePost, erasePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { reconcilePosts } from '#domain/posts/reconcile.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { reconcileFollows } from '#domain/relationships/reconcile.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp();
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

function publish(person: Person, more: Partial<Parameters<typeof publishPost>[2]> = {}): number {
  const input = { caption: 'words', mediaIds: [], ...more };
  return publishPost(app.ctx, person.viewer, input).id;
}

test('numbers that are counted along the way need no correction', async () => {
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
  followAccount(app.ctx, ann.viewer, bob.viewer.id);
  const post = publish(ann);
  const comment = publish(bob, { inReplyToId: post });
  publish(bob, { inReplyToId: comment });
  const hidden = publish(bob, { inReplyToId: post, visibility: 'self' });
  deletePost(app.ctx, bob.viewer, comment);
  archivePost(app.ctx, bob.viewer, publish(bob));
  editPost(app.ctx, ann.viewer, post, { visibility: 'followers' });
  editPost(app.ctx, bob.viewer, hidden, { visibility: 'followers' });
  publish(ann, { visibility: 'self' });
  expect(await reconcilePosts(app.ctx)).toBe(0);
  expect(await reconcileFollows(app.ctx)).toBe(0);
});

test('a number that went wrong is set right, also in what was remembered of it', async () => {
  const post = publish(ann);
  publish(bob, { inReplyToId: post });
  const shown = () => statusesByIds(app.ctx, null, [post])[0];
  expect(shown()).toMatchObject({ replies_count: 1, account: { followers_count: 1 } });
  const right = shown()?.account.statuses_count;
  app.ctx.db.run('UPDATE posts SET replies_count = 7 WHERE id = ?', [post]);
  app.ctx.db.run('UPDATE accounts SET posts_count = 99, followers_count = 3 WHERE id = ?', [
    ann.viewer.id,
  ]);
  expect(shown()).toMatchObject({ replies_count: 7, account: { followers_count: 3 } });
  expect(await reconcilePosts(app.ctx)).toBe(2);
  expect(await reconcileFollows(app.ctx)).toBe(1);
  expect(shown()).toMatchObject({ replies_count: 1, account: { followers_count: 1 } });
  expect(shown()?.account.statuses_count).toBe(right ?? -1);
  expect(await app.app.cron.run('counts.reconcile')).toBe('0 numbers corrected');
});

test('comments of a suspended person leave the number below a post, and come back with them', async () => {
  const eve = await app.person('eve');
  const post = publish(ann);
  const theirs = publish(eve, { inReplyToId: post });
  const gone = publish(eve, { inReplyToId: post });
  publish(bob, { inReplyToId: post });
  const shown = () => statusesByIds(app.ctx, null, [post])[0]?.replies_count;
  expect(shown()).toBe(3);
  suspendAccount(app.ctx, 'console', eve.viewer.id);
  await app.settle();
  expect(shown()).toBe(1);
  transaction(app.ctx.db, () => erasePost(app.ctx, gone));
  expect(shown()).toBe(1);
  expect(await reconcilePosts(app.ctx)).toBe(0);
  restoreAccount(app.ctx, 'console', eve.viewer.id);
  await app.settle();
  expect(shown()).toBe(2);
  deletePost(app.ctx, eve.viewer, theirs);
  expect(shown()).toBe(1);
  expect(await reconcilePosts(app.ctx)).toBe(0);
});
