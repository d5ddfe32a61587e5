import { afterEach, expect, test } from 'bun:test';
import { transaction } from '#base/db/transaction.ts';
import { findAccountByUri } from '#domain/accounts/queries.ts';
import { pruneRemoteAccounts } from '#domain/membership/prune-accounts.ts';
import { pruneRemotePosts, pruneTombstones } from '#domain/posts/prune-remote.ts';
import { reconcilePosts } from '#domain/posts/reconcile.ts';
import { findPostByUri } from '#domain/posts/remote-queries.ts';
import { readSoftware } from '#doors/federation/remote/learn-software.ts';
import { pruneHosts } from '#doors/federation/remote/prune-hosts.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { closeAll, createWorld, note } from './remote-world.ts';

const DAY = 24 * 3_600_000;

afterEach(closeAll);

async function keeping() {
  const here = await createWorld();
  const { app, peer, bob } = here;
  const ada = await app.person('ada', 'owner');
  const insert = (sql: string, values: Record<string, number | string>) =>
    app.ctx.db.query(sql).run(values);
  let count = 0;
  const post = async (more: Record<string, unknown> = {}, author = bob) => {
    count += 1;
    const id = `${peer.origin}/posts/${count}`;
    peer.serve(`/posts/${count}`, note(id, author.uri, more));
    const stored = await resolvePost(app.ctx, id);
    if (!stored) throw new Error('The post was not stored.');
    return { id: stored.id, uri: id };
  };
  const ownPost = (id: number) => {
    insert(
      `INSERT INTO posts (id, account_id, audience_id, visibility, published_at)
       VALUES ($id, $ada, $ada, 'public', 1)`,
      { id, ada: ada.viewer.id },
    );
    return `${app.origin}/users/ada/posts/${id}`;
  };
  const isHere = (uri: string) => findPostByUri(app.ctx.db, uri) !== null;
  return { ...here, ada, insert, post, ownPost, isHere };
}

test('old posts that nobody here has anything to do with go; all others stay', async () => {
  const { app, peer, evil, ada, insert, post, ownPost, isHere } = await keeping();
  const me = ada.viewer.id;
  const pair = (postId: number) => ({ me, postId });
  const plain = await post({ attachment: [{ type: 'Image', url: `${peer.origin}/a.jpg` }] });
  const liked = await post();
  insert(
    'INSERT INTO likes (account_id, post_id, created_at) VALUES ($me, $postId, 1)',
    pair(liked.id),
  );
  const marked = await post();
  insert(
    'INSERT INTO bookmarks (account_id, post_id, created_at) VALUES ($me, $postId, 1)',
    pair(marked.id),
  );
  const shared = await post();
  insert(
    `INSERT INTO shares (id, account_id, post_id, visibility, created_at)
     VALUES (5, $me, $postId, 'public', 1)`,
    pair(shared.id),
  );
  const mention = { type: 'Mention', href: `${app.origin}/users/ada` };
  const mentioning = await post({ tag: [mention], cc: [mention.href] });
  const comment = await post({ inReplyTo: ownPost(7) });
  const below = await post({ inReplyTo: comment.uri });
  const answered = await post();
  insert(
    `INSERT INTO posts (id, account_id, audience_id, visibility, published_at, in_reply_to_id,
       in_reply_to_account_id) VALUES (8, $me, $me, 'public', 1, $postId, 1)`,
    pair(answered.id),
  );
  const sibling = await post({ inReplyTo: answered.uri });
  const root = await post();
  const branch = await post({ inReplyTo: root.uri });
  const stranger = await resolveActor(app.ctx, evil.actor('stranger').uri);
  insert('INSERT INTO likes (account_id, post_id, created_at) VALUES ($who, $postId, 1)', {
    who: stranger?.id ?? 0,
    postId: plain.id,
  });
  const bob = findAccountByUri(app.ctx.db, `${peer.origin}/users/bob`);
  expect(bob?.postsCount).toBe(7);
  // What was written by hand was not counted.
  await reconcilePosts(app.ctx);
  expect(await pruneRemotePosts(app.ctx)).toBe(0);
  app.clock.advance(91 * DAY);
  const fresh = await post();
  expect(await pruneRemotePosts(app.ctx)).toBe(3);
  for (const { uri } of [plain, root, branch]) expect([uri, isHere(uri)]).toEqual([uri, false]);
  const kept = [liked, marked, shared, mentioning, comment, below, answered, sibling, fresh];
  for (const { uri } of kept) expect([uri, isHere(uri)]).toEqual([uri, true]);
  expect(await reconcilePosts(app.ctx)).toBe(0);
  expect(findAccountByUri(app.ctx.db, `${peer.origin}/users/bob`)?.postsCount).toBe(6);
  expect(await pruneRemotePosts(app.ctx)).toBe(0);
  // Nothing remembers it: it may come back.
  expect(await resolvePost(app.ctx, plain.uri)).not.toBeNull();
});

test('posts of people whom somebody here follows stay', async () => {
  const { app, ada, insert, post, isHere, bob } = await keeping();
  const { uri } = await post();
  const account = findAccountByUri(app.ctx.db, bob.uri);
  const pair = { me: ada.viewer.id, bob: account?.id ?? 0 };
  insert(
    `INSERT INTO follows (follower_id, followee_id, state, created_at)
     VALUES ($me, $bob, 'accepted', 1)`,
    pair,
  );
  app.clock.advance(200 * DAY);
  expect(await pruneRemotePosts(app.ctx)).toBe(0);
  insert('DELETE FROM follows WHERE follower_id = $me AND followee_id = $bob', pair);
  expect(await pruneRemotePosts(app.ctx)).toBe(1);
  expect(isHere(uri)).toBe(false);
});

test('accounts that nothing names go, what moderators decided stays', async () => {
  const { app, peer, ada, insert, post, bob } = await keeping();
  const names = ['reader', 'liker', 'follower', 'bad', 'quiet'] as const;
  const ids: Record<string, number> = {};
  for (const name of names) {
    ids[name] = (await resolveActor(app.ctx, peer.actor(name).uri))?.id ?? 0;
  }
  const { uri } = await post();
  insert(
    `INSERT INTO posts (id, account_id, audience_id, visibility, published_at, likes_count)
     VALUES (7, $me, $me, 'public', 1, 1)`,
    { me: ada.viewer.id },
  );
  insert('INSERT INTO likes (account_id, post_id, created_at) VALUES ($id, 7, 1)', {
    id: ids.liker ?? 0,
  });
  insert(
    `INSERT INTO follows (follower_id, followee_id, state, created_at)
     VALUES ($id, $me, 'accepted', 1)`,
    { id: ids.follower ?? 0, me: ada.viewer.id },
  );
  insert('UPDATE accounts SET suspended_at = 1 WHERE id = $id', { id: ids.bad ?? 0 });
  insert('UPDATE accounts SET limited = 1 WHERE id = $id', { id: ids.quiet ?? 0 });
  expect(await pruneRemoteAccounts(app.ctx)).toBe(0);
  app.clock.advance(91 * DAY);
  expect(await pruneRemoteAccounts(app.ctx)).toBe(1);
  const isKnown = (name: string) =>
    findAccountByUri(app.ctx.db, `${peer.origin}/users/${name}`) !== null;
  expect(names.filter(isKnown)).toEqual(['liker', 'follower', 'bad', 'quiet']);
  expect(isKnown('bob')).toBe(true);
  expect(await pruneRemotePosts(app.ctx)).toBe(1);
  expect(findPostByUri(app.ctx.db, uri)).toBeNull();
  expect(await pruneRemoteAccounts(app.ctx)).toBe(1);
  expect(findAccountByUri(app.ctx.db, bob.uri)).toBeNull();
});

test('T51: servers of which nobody is left are forgotten in time, our own deletions never', async () => {
  const { app, insert, bob } = await keeping();
  await resolveActor(app.ctx, bob.uri);
  await readSoftware(app.ctx, new URL(bob.uri).host);
  const now = app.ctx.now();
  transaction(app.ctx.db, () => {
    for (let index = 0; index < 3000; index += 1) {
      insert('INSERT INTO inbox_seen (key, seen_at) VALUES ($key, $now)', {
        key: `k${index}`,
        now,
      });
      insert('INSERT INTO hosts (host, nodeinfo_at) VALUES ($host, $now)', {
        host: `h${index}.example`,
        now,
      });
    }
  });
  for (const uri of [`${app.origin}/users/ada/posts/1`, 'https://other.example/1']) {
    insert('INSERT INTO tombstones (uri, open, deleted_at) VALUES ($uri, 1, $now)', { uri, now });
  }
  expect(await pruneHosts(app.ctx)).toBe(0);
  app.clock.advance(40 * DAY);
  expect(await pruneHosts(app.ctx)).toBe(3000);
  expect(app.ctx.db.query('SELECT host FROM hosts').all()).toEqual([
    { host: new URL(bob.uri).host },
  ]);
  expect(await pruneTombstones(app.ctx)).toBe(0);
  app.clock.advance(200 * DAY);
  expect(await pruneTombstones(app.ctx)).toBe(1);
  expect(await app.app.cron.run('federation.prune')).toContain('accounts');
  expect(await app.app.cron.run('media.cache')).toContain('stray');
});
