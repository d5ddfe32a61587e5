import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { findPost } from '#domain/posts/queries.ts';
import { reconcilePosts } from '#domain/posts/reconcile.ts';
import { blockAccount } from '#domain/relationships/block.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';
import { activityOf, knowActor, letFollow, noteOf, rowsIn } from './inbound-world.ts';

const peer = createPeer({ address: '127.0.0.3' });
const other = createPeer({ address: '127.0.0.4' });
let app: FederatedApp;
let ann: Person;
let bob: PeerActor;
let own: { id: number; uri: string };
let next = 0;

beforeAll(async () => {
  app = await createFederatedApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
});
beforeEach(async () => {
  next += 1;
  bob = peer.actor(`bob${next}`);
  await letFollow(app, ann, bob);
  const { id } = publishPost(app.ctx, ann.viewer, { caption: `Post ${next}`, mediaIds: [] });
  own = { id, uri: `${annUri()}/posts/${id}` };
  await settleAll(app);
});
afterAll(async () => {
  await app.close();
  await Promise.all([peer.close(), other.close()]);
});

const annUri = () => `${app.origin}/users/ann`;
type Json = Record<string, unknown>;

/** What bob can say, by a short name; everything is about one note and one post of ann's. */
function words(): Record<string, Json> {
  const note = noteOf(bob, 1, { inReplyTo: own.uri, cc: [annUri()] });
  const later = { ...note, content: '<p>Anew</p>', updated: '2026-01-03T00:00:00Z' };
  const like = activityOf(bob, 'Like', own.uri);
  const boost = activityOf(bob, 'Announce', own.uri);
  const follow = activityOf(bob, 'Follow', annUri());
  const undo = (object: Json) => activityOf(bob, 'Undo', object);
  return {
    create: activityOf(bob, 'Create', note),
    'create again': activityOf(bob, 'Create', note),
    update: activityOf(bob, 'Update', later),
    delete: activityOf(bob, 'Delete', { id: note.id, type: 'Tombstone' }),
    like,
    'like again': activityOf(bob, 'Like', own.uri),
    unlike: undo(like),
    boost,
    unboost: undo(boost),
    follow,
    'follow again': follow,
    unfollow: undo(follow),
    react: activityOf(bob, 'EmojiReact', own.uri, { content: '🦀' }),
  };
}

async function say(activities: readonly (Json | undefined)[], settling = true): Promise<void> {
  for (const [index, activity] of activities.entries()) {
    // Each has a signature of its own, also what is said again with the same id.
    const date = new Date(app.clock.now() - index * 1000).toUTCString();
    const answer = await peer.post(`${app.origin}/inbox`, activity, { as: bob, tamper: { date } });
    expect(answer.status).toBe(202);
    if (settling) await settleAll(app);
  }
  await settleAll(app);
}

/** What is left of it all: the note's words, and numbers that agree with the rows. */
async function outcome() {
  const account = await knowActor(app, bob);
  const note = readPostByUri(app.ctx, `${bob.uri}/notes/1`);
  const post = findPost(app.ctx.db, own.id);
  expect(await reconcilePosts(app.ctx)).toBe(0);
  return {
    note: note?.caption ?? null,
    comments: post?.repliesCount,
    likes: post?.likesCount,
    boosts: post?.sharesCount,
    posts: account.postsCount,
    follows: findFollow(app.ctx.db, account.id, ann.viewer.id) !== null,
    told: rowsIn(app, 'notifications', `from_id = ${account.id}`),
  };
}

// Comments are not among the posts of a profile.
const nothing = { note: null, comments: 0, likes: 0, boosts: 0, posts: 0, follows: false, told: 0 };
const stored = { ...nothing, note: 'Note 1', comments: 1, told: 1 };

describe.each([
  ['one after the other', true],
  ['all at once', false],
] as const)('somebody says, %s:', (_, settling) => {
  test.each([
    ['create', stored],
    ['create, create', stored],
    ['create, create again', stored],
    ['create, update', { ...stored, note: 'Anew' }],
    ['create, update, create again', { ...stored, note: 'Anew' }],
    ['update', nothing],
    ['update, create', stored],
    ['create, delete', nothing],
    ['delete, create', nothing],
    ['delete, create, update', nothing],
    ['create, delete, create again', nothing],
    ['like', { ...nothing, likes: 1, told: 1 }],
    ['like, like again, react', { ...nothing, likes: 1, told: 1 }],
    ['like, unlike', nothing],
    ['unlike, like', { ...nothing, likes: 1, told: 1 }],
    ['like, unlike, like again', { ...nothing, likes: 1, told: 1 }],
    ['boost, unboost', nothing],
    ['boost, like, unboost', { ...nothing, likes: 1, told: 1 }],
    ['follow', { ...nothing, follows: true, told: 1 }],
    ['follow, unfollow', nothing],
    ['unfollow, follow', { ...nothing, follows: true, told: 1 }],
    ['follow, unfollow, follow again', { ...nothing, follows: true, told: 1 }],
    ['follow, unfollow, follow again, unfollow', nothing],
  ] as const)('%s', async (order, expected) => {
    const all = words();
    await say(
      order.split(', ').map((name) => all[name]),
      settling,
    );
    expect(await outcome()).toEqual(expected);
  });
});

test('a Like of a note that is not here yet is left alone, and counts nothing when that comes', async () => {
  const cat = other.actor(`cat${next}`);
  const all = words();
  const note = `${bob.uri}/notes/1`;
  await other.post(`${app.origin}/inbox`, activityOf(cat, 'Like', note), { as: cat });
  await settleAll(app);
  await say([all.create]);
  expect(readPostByUri(app.ctx, note)?.likesCount).toBe(0);
  expect(await outcome()).toEqual(stored);
});

test('an Undo of here that crosses the Accept leaves no follow, here nor in the numbers', async () => {
  const account = await knowActor(app, bob);
  unfollowAccount(app.ctx, ann.viewer, account.id);
  followAccount(app.ctx, ann.viewer, account.id);
  await settleAll(app);
  const posted = peer.posted().filter(({ type }) => type === 'Follow');
  const follow = posted.findLast(({ object }) => object === bob.uri);
  const before = findAccount(app.ctx.db, ann.viewer.id)?.followingCount;
  unfollowAccount(app.ctx, ann.viewer, account.id);
  await say([activityOf(bob, 'Accept', follow)]);
  expect(findFollow(app.ctx.db, ann.viewer.id, account.id)).toBeNull();
  expect(findAccount(app.ctx.db, ann.viewer.id)?.followingCount).toBe(before ?? -1);
  expect(findAccount(app.ctx.db, account.id)?.followersCount).toBe(0);
});

test('T49: a Create that mentions twenty people of here tells each of them once', async () => {
  const people = await Promise.all(
    Array.from({ length: 20 }, (_, index) => app.person(`fan${next}x${index}`)),
  );
  const uris = people.map(({ viewer }) => `${app.origin}/users/${viewer.username}`);
  const tag = [...uris, ...uris].map((href) => ({ type: 'Mention', href, name: '@x' }));
  const note = noteOf(bob, 'many', { tag, cc: uris });
  await say([activityOf(bob, 'Create', note), activityOf(bob, 'Create', note)]);
  const { id } = await knowActor(app, bob);
  for (const { viewer } of people) {
    const mine = `account_id = ${viewer.id} AND from_id = ${id} AND type = 'mention'`;
    expect(rowsIn(app, 'notifications', mine)).toBe(1);
  }
});

describe('somebody who is kept away', () => {
  test('by a block of ann’s neither comments, likes, boosts nor follows', async () => {
    const account = await knowActor(app, bob);
    blockAccount(app.ctx, ann.viewer.id, account.id);
    const all = words();
    await say([all.create, all.like, all.boost, all.follow]);
    expect(await outcome()).toEqual(nothing);
  });

  test.each([
    ['limit', { comments: 1, told: 0 }],
    ['block', { comments: 0, told: 0 }],
  ] as const)(
    'by a rule (%s) for the domain is not heard of by people who do not follow',
    async (rule, expected) => {
      const server = createPeer({ address: `127.0.0.${rule === 'limit' ? 5 : 6}` });
      const eve = server.actor('eve');
      const known = await knowActor(app, eve);
      setRule(app.ctx, null, { domain: server.host, rule });
      await settleAll(app);
      const note = noteOf(eve, 1, { inReplyTo: own.uri, cc: [annUri()] });
      for (const activity of [
        activityOf(eve, 'Create', note),
        activityOf(eve, 'Like', own.uri),
        activityOf(eve, 'Announce', own.uri),
      ]) {
        const answer = await server.post(`${app.origin}/inbox`, activity, { as: eve });
        expect(answer.status).toBe(rule === 'limit' ? 202 : 403);
      }
      await settleAll(app);
      const post = findPost(app.ctx.db, own.id);
      expect(post?.repliesCount).toBe(expected.comments);
      expect([post?.likesCount, post?.sharesCount]).toEqual(rule === 'limit' ? [1, 1] : [0, 0]);
      expect(rowsIn(app, 'notifications', `from_id = ${known.id}`)).toBe(expected.told);
      expect(await reconcilePosts(app.ctx)).toBe(0);
      await server.close();
    },
  );

  test('by a rule does not come in by the boost of somebody else', async () => {
    const eve = other.actor(`eve${next}`);
    const note = noteOf(eve, 'away');
    other.serve(new URL(String(note.id)).pathname, note);
    setRule(app.ctx, null, { domain: other.host, rule: 'block' });
    const asked = other.requests.length;
    await say([activityOf(bob, 'Announce', note.id)]);
    expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
    expect(rowsIn(app, 'shares', `account_id = ${(await knowActor(app, bob)).id}`)).toBe(0);
    expect(other.requests.length).toBe(asked);
  });
});
