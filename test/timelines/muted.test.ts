import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { firstPage } from '#base/core/page.ts';
import { transaction } from '#base/db/transaction.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { NOT_MUTED } from '#domain/filters/muted-queries.ts';
import { followTag } from '#domain/posts/followed-tags.ts';
import { sharePost } from '#domain/posts/share.ts';
import { hideDomain } from '#domain/relationships/hide-domain.ts';
import { enlist, makeList } from '#domain/relationships/lists.ts';
import { muteAccount } from '#domain/relationships/mute.ts';
import { insertFollow } from '#domain/relationships/queries.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import { tagTimeline } from '#domain/timelines/tag.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { person, receive } from '#test/posts/elsewhere.ts';

const DOMAINS = ['one.example', 'two.example'];
const TAGS = ['red', 'blue'];

let app: TestApp;
let ann: Viewer;
let people: AccountRow[];
beforeAll(async () => {
  app = await createTestApp({
    config: { origin: 'https://here.example' },
    settings: { mode: 'community' },
  });
  ann = (await app.person('ann', 'owner')).viewer;
  people = Array.from({ length: 5 }, (_, n) => {
    const domain = DOMAINS[n % 2] ?? '';
    return person(app.ctx, `p${n}`, { domain });
  });
});
afterAll(() => app.close());

const who = fc.nat({ max: 4 });
const flags = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });
const world = fc.record({
  follows: flags,
  showShares: flags,
  mutes: fc.array(fc.constantFrom('no', 'no', 'for good', 'over', 'lasts'), {
    minLength: 5,
    maxLength: 5,
  }),
  apart: flags,
  hidden: fc.option(fc.constantFrom(...DOMAINS), { freq: 2 }),
  tags: fc.subarray(TAGS),
  posts: fc.array(
    fc.record({
      by: who,
      tags: fc.subarray(TAGS),
      visibility: fc.constantFrom('public', 'unlisted', 'followers'),
      boosts: fc.uniqueArray(who, { maxLength: 3 }),
    }),
    { maxLength: 12 },
  ),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
type Made = World['posts'][number] & { id: number; shares: { by: number; id: number }[] };

/** Makes such a world out of the people that are there. */
function make({ follows, showShares, mutes, apart, hidden, tags, posts }: World): Made[] {
  const { ctx } = app;
  const now = ctx.now();
  return transaction(ctx.db, () => {
    for (const table of ['posts', 'follows', 'mutes', 'lists', 'hidden_domains', 'followed_tags']) {
      ctx.db.run(`DELETE FROM ${table}`);
    }
    const list = makeList(ctx, ann, { title: 'x', repliesPolicy: 'none', exclusive: 1 });
    for (const [n, { id }] of people.entries()) {
      const pair = { followerId: ann.id, followeeId: id };
      if (follows[n]) {
        const wish = Number(showShares[n]);
        insertFollow(ctx.db, { ...pair, state: 'accepted', createdAt: now, showShares: wish });
        if (apart[n]) enlist(ctx, ann, list.id, [id]);
      }
      if (mutes[n] === 'no') continue;
      const duration = mutes[n] === 'for good' ? null : 60_000;
      muteAccount(ctx, ann, id, { notifications: true, duration });
      if (mutes[n] === 'over') {
        ctx.db.run(`UPDATE mutes SET expires_at = ${now - 1} WHERE target_id = ${id}`);
      }
    }
    for (const tag of tags) followTag(ctx, ann, tag);
    if (hidden !== null) hideDomain(ctx, ann, hidden);
    return posts.map((each, n) => {
      const author = people[each.by] ?? fail();
      const publishedAt = now - 1_000_000 + n * 1000;
      const id = receive(ctx, author, {
        publishedAt,
        tags: each.tags,
        visibility: each.visibility,
      });
      const shares = each.boosts.flatMap((by, place) => {
        const at = publishedAt + 100 + place;
        const share = sharePost(ctx, people[by]?.id ?? 0, id, { publishedAt: at });
        return share ? [{ by, id: share.shareId }] : [];
      });
      return { ...each, id, shares };
    });
  });
}

/** The same said plainly. */
function model(world: World) {
  const follows = (n: number) => world.follows[n] === true && people[n]?.domain !== world.hidden;
  const isMuted = (n: number) =>
    ['for good', 'lasts'].includes(world.mutes[n] ?? '') || people[n]?.domain === world.hidden;
  const isShown = (n: number) => follows(n) && !isMuted(n) && !world.apart[n];
  return { follows, isMuted, isShown, shares: (n: number) => isShown(n) && world.showShares[n] };
}

function expectedHome(world: World, posts: Made[]): number[] {
  const { follows, isMuted, isShown, shares } = model(world);
  const home = posts.flatMap((post) => {
    if (follows(post.by)) return isShown(post.by) ? [post.id] : [];
    if (isMuted(post.by) || post.visibility === 'followers') return [];
    const tagged = post.tags.some((tag) => world.tags.includes(tag));
    if (tagged && post.visibility === 'public') return [post.id];
    const [first] = post.shares.filter(({ by }) => shares(by)).sort((a, b) => a.id - b.id);
    return first ? [first.id] : [];
  });
  return home.sort((a, b) => b - a);
}

function fail(): never {
  throw new Error('nobody');
}

test('the home timeline has whom one follows, their boosts and tags, without whom one does not want to see', () => {
  fc.assert(
    fc.property(world, (asked) => {
      const posts = make(asked);
      expect(homeTimeline(app.ctx, ann, firstPage(40))).toEqual(expectedHome(asked, posts));
    }),
    { numRuns: 60 },
  );
});

test('NOT_MUTED says of every post and viewer what mutes and hidden servers say, in every public list', () => {
  fc.assert(
    fc.property(world, (asked) => {
      const posts = make(asked);
      const { isMuted } = model(asked);
      const seen = (viewerId: number) =>
        app.ctx.db
          .query<{ id: number }, { viewerId: number; now: number }>(
            `SELECT p.id FROM posts p JOIN accounts a ON a.id = p.account_id
             WHERE ${NOT_MUTED} ORDER BY p.id`,
          )
          .all({ viewerId, now: app.ctx.now() })
          .map((row) => row.id);
      const wanted = posts.filter((post) => !isMuted(post.by));
      expect(seen(ann.id)).toEqual(wanted.map((post) => post.id));
      expect(seen(0)).toEqual(posts.map((post) => post.id));
      const open = wanted.filter((post) => post.visibility === 'public').reverse();
      expect(publicTimeline(app.ctx, ann, firstPage(40))).toEqual(open.map((post) => post.id));
      const red = open.filter((post) => post.tags.includes('red'));
      expect(tagTimeline(app.ctx, ann, 'red', firstPage(40))).toEqual(red.map((post) => post.id));
      const any = open.filter((post) => post.tags.length > 0).map((post) => post.id);
      expect(tagTimeline(app.ctx, ann, 'red', firstPage(40), { any: ['blue'] })).toEqual(any);
    }),
    { numRuns: 40 },
  );
});
