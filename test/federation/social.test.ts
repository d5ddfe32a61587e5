import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { transaction } from '#base/db/transaction.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { purgeAccount } from '#domain/membership/purge.ts';
import { removeRemoteAccount } from '#domain/membership/remove-remote-account.ts';
import { fileReport } from '#domain/moderation/file-report.ts';
import { likePost, unlikePost } from '#domain/posts/like.ts';
import { pinPost } from '#domain/posts/pin.ts';
import { findPost } from '#domain/posts/queries.ts';
import { readPostsByIds } from '#domain/posts/reading.ts';
import { reconcilePosts } from '#domain/posts/reconcile.ts';
import { removeRemotePost } from '#domain/posts/remove-post.ts';
import { sharePost, unsharePost } from '#domain/posts/share.ts';
import { answerRequest } from '#domain/relationships/answer-request.ts';
import { blockAccount, unblockAccount } from '#domain/relationships/block.ts';
import { confirmFollow, rejectFollow } from '#domain/relationships/confirm-follow.ts';
import { endFollow } from '#domain/relationships/end-follow.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { reconcileFollows } from '#domain/relationships/reconcile.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import { changeSetting } from '#domain/settings.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { person, receive } from '#test/posts/elsewhere.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ config: { origin: 'https://here.example', rates: false } });
  changeSetting(app.ctx, 'mode', 'community');
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());
beforeEach(() => {
  app.ctx.db.run('DELETE FROM notifications');
  app.ctx.db.run(`DELETE FROM jobs WHERE kind = 'federation.distribute'`);
});

const row = (of: Person): AccountRow => {
  const found = findAccount(app.ctx.db, of.viewer.id);
  if (!found) throw new Error('gone');
  return found;
};
const told = (of: Person) =>
  app.ctx.db
    .query<{ type: string; fromId: number | null }, { id: number }>(
      'SELECT type, from_id AS fromId FROM notifications WHERE account_id = $id ORDER BY id',
    )
    .all({ id: of.viewer.id });
const news = () =>
  app.ctx.db
    .query<{ payload: string }, []>(
      `SELECT payload FROM jobs WHERE kind = 'federation.distribute' ORDER BY id`,
    )
    .all()
    .map(({ payload }) => JSON.parse(payload) as { what: string; uri: string | null });
const counts = (id: number) => {
  const found = findAccount(app.ctx.db, id);
  return [found?.followersCount, found?.followingCount];
};

describe('a follow from elsewhere', () => {
  test('is accepted, answered and told once, however often it comes', () => {
    const { ctx } = app;
    const far = person(ctx, 'far1');
    for (const uri of ['https://far.example/f/1', 'https://far.example/f/2']) {
      expect(receiveFollow(ctx, far, row(ann), uri)).toBe('accepted');
    }
    expect(counts(far.id)).toEqual([0, 1]);
    expect(news().map(({ what, uri }) => [what, uri])).toEqual([
      ['accept', 'https://far.example/f/1'],
      ['accept', 'https://far.example/f/2'],
    ]);
    expect(told(ann)).toEqual([{ type: 'follow', fromId: far.id }]);
    endFollow(ctx, far.id, ann.viewer.id);
    expect(told(ann)).toEqual([]);
    expect(counts(far.id)).toEqual([0, 0]);
  });

  test('waits where the account confirms, a limit says so, or in a family', () => {
    const { ctx } = app;
    const [one, two, three] = [person(ctx, 'w1'), person(ctx, 'w2'), person(ctx, 'w3')];
    const ask = (who: AccountRow, locked: number) =>
      receiveFollow(ctx, who, { ...row(bob), locked }, `https://far.example/f/${who.id}`);
    expect(ask(one, 1)).toBe('requested');
    expect(ask({ ...two, limited: 2 }, 0)).toBe('requested');
    changeSetting(ctx, 'mode', 'family');
    changeSetting(ctx, 'federation.with', 'open');
    expect(ask(three, 0)).toBe('requested');
    changeSetting(ctx, 'mode', 'community');
    expect(counts(bob.viewer.id)).toEqual([0, 0]);
    expect(news()).toEqual([]);
    answerRequest(ctx, bob.viewer, one.id, 'accept');
    answerRequest(ctx, bob.viewer, two.id, 'reject');
    expect(news().map(({ what }) => what)).toEqual(['accept', 'reject']);
    expect(told(bob).filter(({ fromId }) => fromId === one.id)).toEqual([
      { type: 'follow', fromId: one.id },
    ]);
    expect(counts(bob.viewer.id)).toEqual([1, 0]);
    removeFollower(ctx, bob.viewer, one.id);
    expect(news()[2]).toMatchObject({ what: 'reject', uri: `https://far.example/f/${one.id}` });
  });

  test('is refused behind a block, and the block is not named', () => {
    const { ctx } = app;
    const far = person(ctx, 'blocked1');
    blockAccount(ctx, ann.viewer.id, far.id);
    expect(receiveFollow(ctx, far, row(ann), 'https://far.example/f/9')).toBeNull();
    expect(news().map(({ what }) => what)).toContain('reject');
    expect(findFollow(ctx.db, far.id, ann.viewer.id)).toBeNull();
    unblockAccount(ctx, ann.viewer.id, far.id);
  });
});

describe('a follow of somebody elsewhere', () => {
  test('T10 T11: only the asked account turns a request into a follow', () => {
    const { ctx } = app;
    const [far, evil] = [person(ctx, 'asked'), person(ctx, 'evil', { domain: 'evil.example' })];
    followAccount(ctx, ann.viewer, far.id);
    expect(findFollow(ctx.db, ann.viewer.id, far.id)?.state).toBe('requested');
    // Nobody was asked: nothing begins.
    expect(confirmFollow(ctx, ann.viewer.id, evil.id)).toBeFalse();
    expect(confirmFollow(ctx, bob.viewer.id, far.id)).toBeFalse();
    const closed = receive(ctx, far, { visibility: 'followers' });
    expect(readPostsByIds(ctx, ann.viewer, [closed])).toEqual([]);
    expect(confirmFollow(ctx, ann.viewer.id, far.id)).toBeTrue();
    expect(confirmFollow(ctx, ann.viewer.id, far.id)).toBeFalse();
    expect(readPostsByIds(ctx, ann.viewer, [closed]).length).toBe(1);
    expect(readPostsByIds(ctx, bob.viewer, [closed])).toEqual([]);
    expect(counts(far.id)).toEqual([1, 0]);
    expect(rejectFollow(ctx, ann.viewer.id, far.id)).toBeTrue();
    expect(counts(far.id)).toEqual([0, 0]);
    expect(readPostsByIds(ctx, ann.viewer, [closed])).toEqual([]);
  });

  test('is not possible where a server is blocked', () => {
    const { ctx } = app;
    const far = person(ctx, 'cutoff', { domain: 'cut.example' });
    ctx.db.run(
      `INSERT INTO domain_rules (domain, rule, created_at) VALUES ('cut.example', 'block', 1)`,
    );
    expect(() => followAccount(ctx, ann.viewer, far.id)).toThrow('cannot follow');
  });
});

describe('T28 T30: what is not for everybody', () => {
  test('is not boosted from elsewhere, and nothing of it becomes visible', () => {
    const { ctx } = app;
    const [author, booster] = [person(ctx, 'priv'), person(ctx, 'loud')];
    const closed = receive(ctx, author, { visibility: 'followers' });
    const mine = post(ctx, ann.viewer, { visibility: 'followers' }).id;
    for (const id of [closed, mine]) {
      expect(sharePost(ctx, booster.id, id, { uri: 'https://far.example/b/1' })).toBeNull();
      expect(likePost(ctx, booster.id, id)).toBeFalse();
      expect(findPost(ctx.db, id)).toMatchObject({ sharesCount: 0, likesCount: 0 });
    }
    expect(readPostsByIds(ctx, bob.viewer, [closed, mine])).toEqual([]);
  });

  test('nor is a post of a suspended author, or by a suspended account', () => {
    const { ctx } = app;
    const [author, fan] = [person(ctx, 'gone1'), person(ctx, 'gone2')];
    const id = receive(ctx, author);
    const mine = post(ctx, ann.viewer).id;
    ctx.db.run(`UPDATE accounts SET suspended_at = 1 WHERE id IN (${author.id}, ${fan.id})`);
    const third = person(ctx, 'third');
    expect(sharePost(ctx, third.id, id)).toBeNull();
    expect(sharePost(ctx, fan.id, mine)).toBeNull();
    expect(likePost(ctx, fan.id, mine)).toBeFalse();
  });
});

describe('notifications', () => {
  test('T104: of likes and boosts come once and go with them', () => {
    const { ctx } = app;
    const fan = person(ctx, 'fan');
    const { id } = post(ctx, ann.viewer);
    for (let i = 0; i < 20; i += 1) {
      likePost(ctx, fan.id, id, `https://far.example/l/${i}`);
      sharePost(ctx, fan.id, id, { uri: `https://far.example/s/${i}` });
    }
    expect(findPost(ctx.db, id)).toMatchObject({ likesCount: 1, sharesCount: 1 });
    expect(told(ann).map(({ type }) => type)).toEqual(['favourite', 'reblog']);
    unlikePost(ctx, fan.id, id);
    unsharePost(ctx, fan.id, id);
    unlikePost(ctx, fan.id, id);
    expect(findPost(ctx.db, id)).toMatchObject({ likesCount: 0, sharesCount: 0 });
    expect(told(ann)).toEqual([]);
  });

  test('do not come of oneself, of blocked people, or of limited ones whom one does not follow', () => {
    const { ctx } = app;
    const { id } = post(ctx, ann.viewer);
    const [bad, dim, known] = [person(ctx, 'bad'), person(ctx, 'dim'), person(ctx, 'known')];
    followAccount(ctx, ann.viewer, known.id);
    confirmFollow(ctx, ann.viewer.id, known.id);
    ctx.db.run(`UPDATE accounts SET limited = 1 WHERE id IN (${dim.id}, ${known.id})`);
    blockAccount(ctx, ann.viewer.id, bad.id);
    for (const who of [ann.viewer.id, bad.id, dim.id, known.id]) likePost(ctx, who, id);
    expect(told(ann)).toEqual([{ type: 'favourite', fromId: known.id }]);
    expect(findPost(ctx.db, id)?.likesCount).toBe(3);
  });
});

test('T112: other servers hear of a block as such only by the job that asks the owner’s setting', () => {
  const { ctx } = app;
  const far = person(ctx, 'foe');
  receiveFollow(ctx, far, row(bob), 'https://far.example/f/foe');
  followAccount(ctx, bob.viewer, far.id);
  ctx.db.run(`DELETE FROM jobs WHERE kind = 'federation.distribute'`);
  expect(blockAccount(ctx, bob.viewer.id, far.id)).toBeTrue();
  expect(blockAccount(ctx, bob.viewer.id, far.id)).toBeFalse();
  expect(news().map(({ what }) => what)).toEqual(['unfollow', 'reject', 'block']);
  expect(unblockAccount(ctx, bob.viewer.id, far.id)).toBeTrue();
  expect(unblockAccount(ctx, bob.viewer.id, far.id)).toBeFalse();
  expect(counts(bob.viewer.id)).toEqual([0, 0]);
});

test('what a remote account pins beyond five, or of others, is left alone', () => {
  const { ctx } = app;
  const [far, other] = [person(ctx, 'pinner'), person(ctx, 'pinned')];
  const ids = Array.from({ length: 7 }, () => receive(ctx, far));
  const pinned = ids.filter((id) => pinPost(ctx, far.id, id));
  expect(pinned.length).toBe(5);
  expect(pinPost(ctx, far.id, receive(ctx, other))).toBeFalse();
});

describe('T27: reports from elsewhere', () => {
  test('are one for each side and account while it is open, and never act', () => {
    const { ctx } = app;
    const { id } = post(ctx, ann.viewer);
    const side = { reporterId: null, reporterDomain: 'far.example', comment: 'bad\u0000 <b>' };
    const report = { ...side, targetId: ann.viewer.id, postIds: [id, 12345] };
    const first = fileReport(ctx, { ...report, uri: 'https://far.example/flags/1' });
    for (let i = 2; i < 30; i += 1) {
      expect(fileReport(ctx, { ...report, uri: `https://far.example/flags/${i}` })).toBe(first);
    }
    expect(told(ann).filter(({ type }) => type === 'admin.report').length).toBe(1);
    expect(findPost(ctx.db, id)?.hiddenAt).toBeNull();
    const posts = ctx.db.query('SELECT post_id AS id FROM report_posts').all();
    expect(posts).toEqual([{ id }]);
    // The same Flag does not come again when its report is closed.
    ctx.db.run('UPDATE reports SET closed_at = 1');
    expect(fileReport(ctx, { ...report, uri: 'https://far.example/flags/1' })).toBeNull();
    const far = person(ctx, 'notours');
    expect(fileReport(ctx, { ...report, targetId: far.id })).toBeNull();
  });

  test('are dropped beyond a hundred open ones of one server', () => {
    const { ctx } = app;
    ctx.db.run('DELETE FROM reports');
    for (let i = 0; i < 100; i += 1) {
      ctx.db.run(
        `INSERT INTO reports (id, reporter_domain, created_at) VALUES (${i + 1}, 'flood.example', 1)`,
      );
    }
    const report = { reporterId: null, targetId: ann.viewer.id, postIds: [], comment: '' };
    expect(fileReport(ctx, { ...report, reporterDomain: 'flood.example' })).toBeNull();
    expect(fileReport(ctx, { ...report, reporterDomain: 'calm.example' })).not.toBeNull();
  });
});

test('a remote account that is gone takes everything along, and every number knows', async () => {
  const { ctx } = app;
  const far = person(ctx, 'leaver');
  const mine = post(ctx, ann.viewer);
  const theirs = receive(ctx, far);
  const uri = `https://here.example/users/ann/posts/${mine.id}`;
  const comment = receive(ctx, far, { inReplyToUri: uri });
  receiveFollow(ctx, far, row(ann), 'https://far.example/f/leaver');
  likePost(ctx, far.id, mine.id);
  sharePost(ctx, far.id, mine.id);
  expect(findPost(ctx.db, mine.id)).toMatchObject({
    likesCount: 1,
    sharesCount: 1,
    repliesCount: 1,
  });
  transaction(ctx.db, () => removeRemoteAccount(ctx, far.id));
  await purgeAccount(ctx, { accountId: far.id });
  expect(findAccount(ctx.db, far.id)).toBeNull();
  expect([findPost(ctx.db, theirs), findPost(ctx.db, comment)]).toEqual([null, null]);
  expect(findPost(ctx.db, mine.id)).toMatchObject({
    likesCount: 0,
    sharesCount: 0,
    repliesCount: 0,
  });
  expect(told(ann)).toEqual([]);
  expect((await reconcilePosts(ctx)) + (await reconcileFollows(ctx))).toBe(0);
});

test('every number is exact after any order of what people here and elsewhere do', async () => {
  const { ctx } = app;
  const fars = [person(ctx, 'r1'), person(ctx, 'r2')];
  const here = [ann, bob];
  const everybody = [...here.map((each) => each.viewer.id), ...fars.map((far) => far.id)];
  let posts: { id: number; uri: string | null; accountId: number }[] = [];
  const who = fc.nat(3);
  const step = fc.record({ act: fc.nat(13), one: who, other: who, post: fc.nat(5) });
  const quietly = (work: () => unknown) => {
    try {
      work();
    } catch {
      // What a person may not do is refused; the numbers must not notice.
    }
  };
  const acts: ((one: number, other: number, postId: number) => unknown)[] = [
    (one, _, id) => likePost(ctx, one, id),
    (one, _, id) => unlikePost(ctx, one, id),
    (one, _, id) => sharePost(ctx, one, id),
    (one, _, id) => unsharePost(ctx, one, id),
    (one, other) => followAccount(ctx, viewerOf(one), other),
    (one, other) => unfollowAccount(ctx, viewerOf(one), other),
    (one, other) => blockAccount(ctx, one, other),
    (one, other) => unblockAccount(ctx, one, other),
    (one, other) => confirmFollow(ctx, one, other),
    (one, other) => rejectFollow(ctx, one, other),
    (one, other) => removeFollower(ctx, viewerOf(one), other),
    (one, other) => receiveFollow(ctx, rowOf(one), rowOf(other), `https://far.example/${one}`),
    (one) => answerRequest(ctx, viewerOf(one), fars[0]?.id ?? 0, 'accept'),
    (one, _, id) => transaction(ctx.db, () => removeOf(one, id)),
  ];
  const viewerOf = (id: number) => {
    const found = here.find((each) => each.viewer.id === id);
    if (!found) throw new Error('not from here');
    return found.viewer;
  };
  const rowOf = (id: number) => {
    const found = findAccount(ctx.db, id);
    if (!found) throw new Error('gone');
    return found;
  };
  const removeOf = (one: number, id: number) => {
    const uri = posts.find((each) => each.id === id)?.uri;
    return uri ? removeRemotePost(ctx, uri, one) : null;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      for (const table of [
        'follows',
        'blocks',
        'posts',
        'notifications',
        'tombstones',
        'reports',
      ]) {
        ctx.db.run(`DELETE FROM ${table}`);
      }
      ctx.db.run('UPDATE accounts SET followers_count = 0, following_count = 0, posts_count = 0');
      posts = [
        post(ctx, ann.viewer),
        post(ctx, bob.viewer, { visibility: 'followers' }),
        ...fars
          .flatMap((far) => [receive(ctx, far), receive(ctx, far, { visibility: 'followers' })])
          .flatMap((id) => findPost(ctx.db, id) ?? []),
      ];
      for (const { act, one, other, post: index } of steps) {
        quietly(() =>
          acts[act]?.(everybody[one] ?? 0, everybody[other] ?? 0, posts[index]?.id ?? 0),
        );
      }
      expect((await reconcilePosts(ctx)) + (await reconcileFollows(ctx))).toBe(0);
      const own = ctx.db.query('SELECT 1 FROM follows WHERE follower_id = followee_id').all();
      expect(own).toEqual([]);
      const across = ctx.db
        .query(
          `SELECT 1 FROM follows f JOIN blocks b
             ON (b.account_id = f.follower_id AND b.target_id = f.followee_id)
               OR (b.account_id = f.followee_id AND b.target_id = f.follower_id)`,
        )
        .all();
      expect(across).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);
