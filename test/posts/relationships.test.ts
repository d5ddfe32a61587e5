import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { AppError } from '#base/core/errors.ts';
import { firstPage } from '#base/core/page.ts';
import { answerRequest } from '#domain/relationships/answer-request.ts';
import { dropFollows } from '#domain/relationships/drop-follows.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { listPeople, readRelationships } from '#domain/relationships/reading.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { counters } from './world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
let cat: Person;
beforeAll(async () => {
  app = await createTestApp();
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
  cat = await app.person('cat');
  app.ctx.db.query('UPDATE accounts SET locked = 1 WHERE id = $id').run({ id: cat.viewer.id });
});
afterAll(() => app.close());

function allExact(): void {
  for (const person of [ann, bob, cat]) {
    const found = counters(app.ctx, person.viewer.id);
    expect(found?.followers).toBe(found?.realFollowers ?? -1);
    expect(found?.following).toBe(found?.realFollowing ?? -1);
  }
}

test('following and unfollowing twice counts once', () => {
  followAccount(app.ctx, ann.viewer, bob.viewer.id);
  followAccount(app.ctx, ann.viewer, bob.viewer.id);
  expect(counters(app.ctx, bob.viewer.id)).toMatchObject({ followers: 1 });
  const [seen] = readRelationships(app.ctx.db, ann.viewer.id, [bob.viewer.id]);
  expect(seen).toMatchObject({ following: true, requested: false, followedBy: false });
  unfollowAccount(app.ctx, ann.viewer, bob.viewer.id);
  unfollowAccount(app.ctx, ann.viewer, bob.viewer.id);
  expect(counters(app.ctx, bob.viewer.id)).toMatchObject({ followers: 0 });
  allExact();
});

test('a locked account is asked, and answers', () => {
  followAccount(app.ctx, ann.viewer, cat.viewer.id);
  followAccount(app.ctx, bob.viewer, cat.viewer.id);
  expect(counters(app.ctx, cat.viewer.id)).toMatchObject({ followers: 0 });
  expect(listPeople(app.ctx.db, 'requests', cat.viewer.id, firstPage())).toEqual([
    bob.viewer.id,
    ann.viewer.id,
  ]);
  answerRequest(app.ctx, cat.viewer, ann.viewer.id, 'accept');
  answerRequest(app.ctx, cat.viewer, bob.viewer.id, 'reject');
  expect(() => answerRequest(app.ctx, cat.viewer, bob.viewer.id, 'accept')).toThrow();
  expect(listPeople(app.ctx.db, 'followers', cat.viewer.id, firstPage())).toEqual([ann.viewer.id]);
  allExact();
  removeFollower(app.ctx, cat.viewer, ann.viewer.id);
  expect(listPeople(app.ctx.db, 'followers', cat.viewer.id, firstPage())).toEqual([]);
  allExact();
});

test('nobody follows themselves or somebody who is gone', () => {
  const kindOf = (work: () => void) => {
    try {
      work();
    } catch (error) {
      return (error as AppError).kind;
    }
    return null;
  };
  expect(kindOf(() => followAccount(app.ctx, ann.viewer, ann.viewer.id))).toBe('invalid');
  expect(kindOf(() => followAccount(app.ctx, ann.viewer, 5))).toBe('not_found');
});

test('an account that goes leaves exact numbers behind', () => {
  followAccount(app.ctx, ann.viewer, bob.viewer.id);
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
  dropFollows(app.ctx, bob.viewer.id);
  allExact();
  expect(counters(app.ctx, ann.viewer.id)).toMatchObject({ followers: 0, following: 0 });
});

test("who is about to leave is in nobody else's lists", async () => {
  const dan = await app.person('dan');
  followAccount(app.ctx, dan.viewer, ann.viewer.id);
  const followers = () => listPeople(app.ctx.db, 'followers', ann.viewer.id, firstPage());
  expect(followers()).toContain(dan.viewer.id);
  app.ctx.db.run('UPDATE accounts SET deletion_at = 1 WHERE id = ?', [dan.viewer.id]);
  expect(followers()).not.toContain(dan.viewer.id);
});
