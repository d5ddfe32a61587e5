import { afterAll, beforeAll, expect, test } from 'bun:test';
import { idTime } from '#base/core/ids.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount, findAccountByHandle, findAccountByUri } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { findPost, listVersions } from '#domain/posts/queries.ts';
import { listDescendantIds } from '#domain/posts/reading.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import { removeRemotePost } from '#domain/posts/remove-post.ts';
import { revisePost } from '#domain/posts/revise-post.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { person, receive, remotePerson, remotePhoto, remotePost } from '#test/posts/elsewhere.ts';
import { countStatements, post } from '#test/posts/world.ts';

let app: TestApp;
let owner: Viewer;
beforeAll(async () => {
  app = await createTestApp({ config: { origin: 'https://here.example' } });
  owner = (await app.person('ann', 'owner')).viewer;
});
afterAll(() => app.close());

const commit = <T>(work: () => T): T => transaction(app.ctx.db, work);

test('an account elsewhere is one row, whatever it calls itself', () => {
  const { ctx } = app;
  const bob = person(ctx, 'bob');
  const renamed = person(ctx, 'robert', { uri: bob.uri ?? '' });
  expect(renamed.id).toBe(bob.id);
  expect(findAccountByHandle(ctx.db, 'ROBERT', 'FAR.example')?.id).toBe(bob.id);
  expect(findAccountByHandle(ctx.db, 'bob', 'far.example')).toBeNull();
});

test('a handle that its server gives to somebody new is theirs', () => {
  const { ctx } = app;
  const old = person(ctx, 'carol');
  const fresh = person(ctx, 'Carol', { uri: 'https://far.example/ap/users/9' });
  expect(fresh.id).not.toBe(old.id);
  expect(findAccountByHandle(ctx.db, 'carol', 'far.example')?.id).toBe(fresh.id);
  expect(findAccountByUri(ctx.db, old.uri ?? '')?.username).toBe(`carol~${old.id}`);
});

test('T29: nobody elsewhere speaks for an account of this server', () => {
  const { ctx } = app;
  expect(() =>
    person(ctx, 'eve', { domain: 'HERE.example', uri: 'https://far.example/e' }),
  ).toThrow('cannot speak');
  const uri = 'https://here.example/users/ann';
  expect(() => person(ctx, 'eve', { domain: 'far.example', uri })).toThrow('cannot speak');
});

test('T23: a key keeps the account that it belongs to', () => {
  const { ctx } = app;
  const dora = person(ctx, 'dora');
  person(ctx, 'evil', { key: { id: `${dora.uri}#main-key`, pem: 'EVIL' } });
  const key = ctx.db
    .query<{ owner: number; pem: string }, { id: string }>(
      'SELECT account_id AS owner, pem FROM remote_keys WHERE id = $id',
    )
    .get({ id: `${dora.uri}#main-key` });
  expect(key).toEqual({ owner: dora.id, pem: 'PEM' });
});

test('a post from elsewhere has its own time in its id, and is counted once', () => {
  const { ctx } = app;
  const finn = person(ctx, 'finn');
  const at = ctx.now() - 86_400_000;
  const draft = remotePost(ctx, finn, { publishedAt: at, tags: ['Sea', 'sea'] });
  const first = commit(() => receivePost(ctx, draft));
  expect(first?.made).toBeTrue();
  expect(commit(() => receivePost(ctx, draft))).toEqual({
    postId: first?.postId ?? 0,
    made: false,
  });
  expect(idTime(first?.postId ?? 0)).toBe(at);
  expect(findAccount(ctx.db, finn.id)?.postsCount).toBe(1);
  expect(readPostByUri(ctx, draft.uri)?.id).toBe(first?.postId ?? 0);
});

test('many posts of one millisecond all find an id', () => {
  const { ctx } = app;
  const gus = person(ctx, 'gus');
  const publishedAt = ctx.now() - 5000;
  const ids = Array.from({ length: 50 }, () => receive(ctx, gus, { publishedAt }));
  expect(new Set(ids).size).toBe(50);
  expect(ids.every((id) => idTime(id) === publishedAt)).toBeTrue();
});

test('T49: thousands of posts that claim one millisecond cost no more than others', () => {
  const { ctx } = app;
  const max = person(ctx, 'max');
  const publishedAt = ctx.now() - 60_000;
  const write = () => receive(ctx, max, { publishedAt });
  const first = countStatements(ctx, write);
  const ids = Array.from({ length: 2047 }, write);
  expect(ids.filter((id) => idTime(id) === publishedAt).length).toBeGreaterThan(2040);
  expect(countStatements(ctx, write)).toBeLessThan(first + 10);
  expect(idTime(write())).toBeGreaterThan(publishedAt);
});

test('a comment that comes before its post is put below it when that arrives', () => {
  const { ctx } = app;
  const [hal, ida] = [person(ctx, 'hal'), person(ctx, 'ida')];
  const parent = remotePost(ctx, hal);
  const early = receive(ctx, ida, { inReplyToUri: parent.uri });
  expect(findPost(ctx.db, early)?.inReplyToAccountId).toBe(0);
  expect(findAccount(ctx.db, ida.id)?.postsCount).toBe(0);
  const stored = commit(() => receivePost(ctx, parent));
  expect(findPost(ctx.db, early)?.inReplyToId).toBe(stored?.postId ?? 0);
  expect(findPost(ctx.db, stored?.postId ?? 0)?.repliesCount).toBe(1);
  expect(listDescendantIds(ctx, { id: owner.id }, stored?.postId ?? 0)).toEqual([early]);
});

test('T48: two posts that answer each other do not make a circle', () => {
  const { ctx } = app;
  const ivy = person(ctx, 'ivy');
  const [one, two] = [`${ivy.uri}/circle/1`, `${ivy.uri}/circle/2`];
  const first = receive(ctx, ivy, { uri: one, inReplyToUri: two });
  const second = receive(ctx, ivy, { uri: two, inReplyToUri: one });
  expect(findPost(ctx.db, second)?.inReplyToId).toBe(first);
  expect(findPost(ctx.db, first)?.inReplyToId).toBeNull();
  const self = receive(ctx, ivy, { uri: `${ivy.uri}/self`, inReplyToUri: `${ivy.uri}/self` });
  expect(findPost(ctx.db, self)?.inReplyToId).toBeNull();
});

test('a comment from elsewhere is counted below the post of a person here, and told', () => {
  const { ctx } = app;
  const mine = post(ctx, owner, {});
  const jim = person(ctx, 'jim');
  const inReplyToUri = `https://here.example/users/ann/posts/${mine.id}`;
  const comment = receive(ctx, jim, { inReplyToUri, mentionedIds: [owner.id] });
  expect(findPost(ctx.db, mine.id)?.repliesCount).toBe(1);
  const told = ctx.db
    .query('SELECT type, from_id AS fromId FROM notifications WHERE post_id = $comment')
    .all({ comment });
  expect(told).toEqual([{ type: 'mention', fromId: jim.id }]);
});

test('who may not see a post cannot comment on it from elsewhere', () => {
  const { ctx } = app;
  const kay = person(ctx, 'kay');
  const uri = (id: number) => `https://here.example/users/ann/posts/${id}`;
  const closed = post(ctx, owner, { visibility: 'followers' });
  const quiet = post(ctx, owner, { commentsDisabled: true });
  for (const id of [closed.id, quiet.id, 12345]) {
    const draft = remotePost(ctx, kay, { inReplyToUri: uri(id) });
    expect(commit(() => receivePost(ctx, draft))).toBeNull();
  }
});

test('T8: a second Create of a stored post changes nothing, whoever sends it', () => {
  const { ctx } = app;
  const [lee, evil] = [person(ctx, 'lee'), person(ctx, 'lee2')];
  const uri = `${lee.uri}/posts/quiet`;
  const id = receive(ctx, lee, { uri, visibility: 'followers' });
  const wider = remotePost(ctx, lee, { uri, visibility: 'public' });
  expect(commit(() => receivePost(ctx, wider))).toEqual({ postId: id, made: false });
  const theirs = remotePost(ctx, evil, { uri, visibility: 'public' });
  expect(commit(() => receivePost(ctx, theirs))).toBeNull();
  const stored = findPost(ctx.db, id);
  expect([stored?.visibility, stored?.accountId]).toEqual(['followers', lee.id]);
});

test('T28: nothing of a suspended account comes in', () => {
  const { ctx } = app;
  const mo = person(ctx, 'mo');
  ctx.db.run(`UPDATE accounts SET suspended_at = 1 WHERE id = ${mo.id}`);
  expect(commit(() => receivePost(ctx, remotePost(ctx, mo)))).toBeNull();
});

test('T7: a post is never stored for an author of another server', () => {
  const { ctx } = app;
  const nia = person(ctx, 'nia');
  const draft = remotePost(ctx, nia, { uri: 'https://victim.example/posts/1' });
  expect(commit(() => receivePost(ctx, draft))).toBeNull();
});

test('T9: only the author deletes, and what is deleted does not come back', () => {
  const { ctx } = app;
  const [oda, evil] = [person(ctx, 'oda'), person(ctx, 'oda', { domain: 'evil.example' })];
  const draft = remotePost(ctx, oda);
  const stored = commit(() => receivePost(ctx, draft));
  expect(commit(() => removeRemotePost(ctx, draft.uri, evil.id))).toBeNull();
  expect(findPost(ctx.db, stored?.postId ?? 0)).not.toBeNull();
  expect(commit(() => removeRemotePost(ctx, draft.uri, oda.id))).toBe(stored?.postId ?? 0);
  expect(findAccount(ctx.db, oda.id)?.postsCount).toBe(0);
  expect(commit(() => receivePost(ctx, draft))).toBeNull();
  // Also when the deletion is faster than the post.
  const late = remotePost(ctx, oda);
  commit(() => removeRemotePost(ctx, late.uri, oda.id));
  expect(commit(() => receivePost(ctx, late))).toBeNull();
});

test('an edit keeps what was said before, the same photos, and nothing older wins', () => {
  const { ctx } = app;
  const pia = person(ctx, 'pia');
  const draft = remotePost(ctx, pia, { photos: [remotePhoto('https://far.example/a.jpg')] });
  const id = commit(() => receivePost(ctx, draft))?.postId ?? 0;
  const photosOf = () => listMediaOfPosts(ctx.db, [id]).get(id) ?? [];
  const [before] = photosOf();
  const updatedAt = ctx.now() - 1000;
  const edit = {
    ...draft,
    captionHtml: '<p>Nearer</p>',
    caption: 'Nearer',
    updatedAt,
    photos: [
      remotePhoto('https://far.example/b.jpg', 'A second hill'),
      remotePhoto('https://far.example/a.jpg', 'The first hill'),
    ],
  };
  expect(commit(() => revisePost(ctx, id, edit))).toBeTrue();
  expect(commit(() => revisePost(ctx, id, edit))).toBeFalse();
  expect(photosOf().map((photo) => photo.description)).toEqual(['A second hill', 'The first hill']);
  expect(photosOf()[1]?.id).toBe(before?.id);
  expect(listVersions(ctx.db, id).map((version) => version.caption)).toEqual(['Far away']);
  const older = { ...draft, updatedAt: updatedAt - 5000 };
  expect(commit(() => revisePost(ctx, id, older))).toBeFalse();
  expect(findPost(ctx.db, id)).toMatchObject({ caption: 'Nearer', mediaCount: 2, editsCount: 1 });
});

test('T26: an account has moved only where the other side says so', () => {
  const { ctx } = app;
  const target = person(ctx, 'new', { alsoKnownAs: ['https://far.example/users/friend'] });
  expect(person(ctx, 'friend', { movedToUri: target.uri }).movedToId).toBe(target.id);
  expect(person(ctx, 'thief', { movedToUri: target.uri }).movedToId).toBeNull();
  expect(remotePerson('x').movedToUri).toBeNull();
});
