import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { firstPage } from '#base/core/page.ts';
import { transaction } from '#base/db/transaction.ts';
import {
  listAncestorIds,
  listDescendantIds,
  listProfileIds,
  readPostsByIds,
  readStamps,
} from '#domain/posts/reading.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import { canSeePost, type Visibility, visibilities } from '#domain/posts/visibility.ts';
import { changeSetting } from '#domain/settings.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { blobsOf, photo } from './world.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const PEOPLE = 4;
const person = fc.integer({ min: 0, max: PEOPLE - 1 });
const world = fc.record({
  closed: fc.boolean(),
  suspended: fc.array(fc.constantFrom(true, false, false, false), {
    minLength: PEOPLE,
    maxLength: PEOPLE,
  }),
  leaving: fc.array(fc.constantFrom(true, false, false, false), {
    minLength: PEOPLE,
    maxLength: PEOPLE,
  }),
  follows: fc.array(
    fc.record({ from: person, to: person, state: fc.constantFrom('accepted', 'requested') }),
    { maxLength: 8 },
  ),
  blocks: fc.array(fc.record({ from: person, to: person }), { maxLength: 2 }),
  posts: fc.array(
    fc.record({
      author: person,
      audience: fc.option(person, { freq: 4 }),
      visibility: fc.constantFrom(...visibilities),
      archived: fc.constantFrom(true, false, false),
      hidden: fc.constantFrom(true, false, false, false),
      answers: fc.option(fc.nat(7), { freq: 2 }),
      mentions: fc.array(person, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
type Built = {
  id: number;
  author: number;
  audience: number;
  visibility: Visibility;
  archived: boolean;
  hidden: boolean;
  comment: boolean;
  mentions: number[];
  blobs: string[];
};

function build(drawn: World): Built[] {
  return transaction(app.ctx.db, () => write(drawn));
}

function write(drawn: World): Built[] {
  const { ctx } = app;
  const { db } = ctx;
  changeSetting(ctx, 'mode', drawn.closed ? 'family' : 'community');
  for (const table of ['posts', 'media', 'follows', 'blobs', 'accounts']) {
    db.run(`DELETE FROM ${table}`);
  }
  for (let i = 0; i < PEOPLE; i += 1) {
    db.query(
      `INSERT INTO accounts (id, username, role, created_at, suspended_at, deletion_at)
       VALUES ($id, $name, 'member', 1, $suspended, $leaving)`,
    ).run({
      id: i + 1,
      name: `p${i}`,
      suspended: drawn.suspended[i] ? 1 : null,
      leaving: drawn.leaving[i] ? 1 : null,
    });
  }
  for (const { from, to, state } of drawn.follows) {
    if (from === to) continue;
    db.query(
      `INSERT OR REPLACE INTO follows (follower_id, followee_id, state, created_at)
       VALUES ($from, $to, $state, 1)`,
    ).run({ from: from + 1, to: to + 1, state });
  }
  for (const { from, to } of drawn.blocks) {
    if (from === to) continue;
    db.query(
      'INSERT OR IGNORE INTO blocks (account_id, target_id, created_at) VALUES ($from, $to, 1)',
    ).run({ from: from + 1, to: to + 1 });
    // A block ends the follows between the two.
    db.query(
      `DELETE FROM follows WHERE (follower_id = $from AND followee_id = $to)
         OR (follower_id = $to AND followee_id = $from)`,
    ).run({ from: from + 1, to: to + 1 });
  }
  const built: Built[] = [];
  for (const each of drawn.posts) {
    const id = ctx.newId();
    const answers = each.answers === null ? undefined : built[each.answers];
    db.query(
      `INSERT INTO posts (id, account_id, audience_id, visibility, media_count, published_at,
         archived_at, hidden_at, in_reply_to_id, in_reply_to_account_id)
       VALUES ($id, $author, $audience, $visibility, 1, 1, $archived, $hidden, $reply, $replyTo)`,
    ).run({
      id,
      author: each.author + 1,
      audience: (answers ? (each.audience ?? each.author) : each.author) + 1,
      visibility: each.visibility,
      archived: each.archived ? 1 : null,
      hidden: each.hidden ? 1 : null,
      reply: answers?.id ?? null,
      replyTo: answers?.author ?? null,
    });
    for (const mentioned of new Set(each.mentions)) {
      db.query('INSERT INTO mentions VALUES ($id, $mentioned)').run({
        id,
        mentioned: mentioned + 1,
      });
    }
    const mediaId = photo(ctx, each.author + 1);
    db.query('UPDATE media SET post_id = $id WHERE id = $mediaId').run({ id, mediaId });
    built.push({
      id,
      author: each.author + 1,
      audience: (answers ? (each.audience ?? each.author) : each.author) + 1,
      visibility: each.visibility,
      archived: each.archived,
      hidden: each.hidden,
      comment: answers !== undefined,
      mentions: each.mentions.map((mentioned) => mentioned + 1),
      blobs: blobsOf(ctx, mediaId),
    });
  }
  return built;
}

function isBlocked(drawn: World, one: number, other: number): boolean {
  return drawn.blocks.some(
    ({ from, to }) =>
      from !== to &&
      ((from + 1 === one && to + 1 === other) || (from + 1 === other && to + 1 === one)),
  );
}

function mayFollow(drawn: World, viewer: number, other: number): boolean {
  if (isBlocked(drawn, viewer, other)) return false;
  const last = drawn.follows.findLast((each) => each.from + 1 === viewer && each.to + 1 === other);
  return last?.state === 'accepted' && viewer !== other;
}

function twin(drawn: World, post: Built, viewer: number | null): boolean {
  return canSeePost(
    {
      accountId: post.author,
      audienceId: post.audience,
      visibility: post.visibility,
      archivedAt: post.archived ? 1 : null,
      hiddenAt: post.hidden ? 1 : null,
    },
    viewer === null ? null : { id: viewer },
    {
      closed: drawn.closed,
      authorSuspended: drawn.suspended[post.author - 1] === true,
      authorLeaving: drawn.leaving[post.author - 1] === true,
      follows: viewer !== null && mayFollow(drawn, viewer, post.audience),
      blocked: viewer !== null && isBlocked(drawn, viewer, post.author),
      mentioned: viewer !== null && post.mentions.includes(viewer),
    },
  );
}

const viewers = [null, 1, 2, 3, 4];

test('T86: the SQL predicate and its pure twin agree about every post, viewer and world', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const posts = build(drawn);
      const ids = posts.map((post) => post.id);
      for (const viewer of viewers) {
        const who = viewer === null ? null : { id: viewer };
        const expected = posts.filter((post) => twin(drawn, post, viewer)).map((post) => post.id);
        expect(readPostsByIds(app.ctx, who, ids).map((post) => post.id)).toEqual(expected);
        expect(readStamps(app.ctx, who, ids).map((post) => post.id)).toEqual(expected);
      }
    }),
    { numRuns: 120 },
  );
}, 60_000);

test('T64 T86: no list and no file shows what its viewer may not see, and no list forgets a post', () => {
  const page = firstPage(40);
  fc.assert(
    fc.property(world, (drawn) => {
      const { ctx } = app;
      const posts = build(drawn);
      const newest = [...posts].reverse();
      for (const viewer of viewers) {
        const who = viewer === null ? null : { id: viewer };
        const seen = (post: Built) => twin(drawn, post, viewer);
        const ids = (chosen: (post: Built) => boolean) =>
          newest.filter((post) => seen(post) && chosen(post)).map((post) => post.id);
        for (let author = 1; author <= PEOPLE; author += 1) {
          expect(listProfileIds(ctx, who, author, page, { withComments: true })).toEqual(
            ids((post) => post.author === author && !post.archived && post.visibility !== 'direct'),
          );
          expect(listProfileIds(ctx, who, author, page, { archived: true })).toEqual(
            ids((post) => post.author === author && post.archived && !post.comment),
          );
        }
        expect(publicTimeline(ctx, who, page)).toEqual(
          ids((post) => isShared(drawn, post) && post.visibility === 'public'),
        );
        if (viewer !== null && drawn.suspended[viewer - 1] !== true) {
          expect(homeTimeline(ctx, { id: viewer }, page)).toEqual(
            ids((post) => isHome(drawn, post, viewer)),
          );
        }
        for (const post of posts) {
          for (const blob of post.blobs) {
            expect(canSeeMedia(ctx, who, blob) !== null).toBe(seen(post));
          }
          const around = [
            ...listAncestorIds(ctx, who, post.id),
            ...listDescendantIds(ctx, who, post.id),
          ];
          const visible = new Set(posts.filter(seen).map((each) => each.id));
          expect(around.filter((id) => !visible.has(id))).toEqual([]);
        }
      }
    }),
    { numRuns: 70 },
  );
}, 60_000);

function isShared(drawn: World, post: Built): boolean {
  return !post.archived && !post.hidden && !post.comment && !drawn.leaving[post.author - 1];
}

function isHome(drawn: World, post: Built, viewer: number): boolean {
  if (post.comment || post.archived || post.visibility === 'direct') return false;
  if (post.author === viewer) return true;
  if (post.visibility === 'self') return false;
  if (post.hidden || isBlocked(drawn, viewer, post.author)) return false;
  if (mayFollow(drawn, viewer, post.author)) return true;
  return drawn.closed && post.visibility === 'public';
}
