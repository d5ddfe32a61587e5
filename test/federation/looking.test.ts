import { afterEach, expect, test } from 'bun:test';
import { findPostByUri } from '#domain/posts/remote-queries.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { closeAll, createWorld, hits, note } from './remote-world.ts';

afterEach(closeAll);

/** Waits for work that goes on beside an answer. */
async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !done(); tries += 1) await Bun.sleep(10);
}

test('T47: answers are fetched when a member opens a post, never for a stranger', async () => {
  const { app, peer, bob } = await createWorld();
  const ada = await app.person('ada', 'owner');
  const [id, answer] = [`${peer.origin}/posts/1`, `${peer.origin}/posts/2`];
  peer.serve('/posts/1', note(id, bob.uri, { replies: `${id}/replies` }));
  peer.serve('/posts/2', note(answer, bob.uri, { inReplyTo: id }));
  peer.serve('/posts/1/replies', { id: `${id}/replies`, type: 'Collection', items: [answer] });
  const post = await resolvePost(app.ctx, id);
  const context = `/api/v1/statuses/${post?.id}/context`;
  await app.request(context);
  await app.request(`/@${bob.handle}/${post?.id}`);
  await Bun.sleep(30);
  expect(hits(peer, '/posts/1/replies')).toBe(0);
  expect((await app.request(`/@${bob.handle}/${post?.id}`, { as: ada })).status).toBe(200);
  await until(() => findPostByUri(app.ctx.db, answer) !== null);
  const seen = await app.request(context, { token: ada.token });
  expect(await seen.json()).toMatchObject({ descendants: [{ uri: answer }] });
  app.clock.advance(30 * 60_000);
  await app.request(context, { token: ada.token });
  await Bun.sleep(30);
  expect(hits(peer, '/posts/1/replies')).toBe(1);
  app.clock.advance(31 * 60_000);
  await app.request(context, { token: ada.token });
  await until(() => hits(peer, '/posts/1/replies') === 2);
  expect(hits(peer, '/posts/1/replies')).toBe(2);
});

test('T47: posts of a profile are fetched when a member opens it, never for a stranger', async () => {
  const { app, peer, bob } = await createWorld();
  const ada = await app.person('ada', 'owner');
  const id = `${peer.origin}/posts/1`;
  peer.serve('/posts/1', note(id, bob.uri));
  const items = [{ type: 'Create', actor: bob.uri, object: { id, type: 'Note' } }];
  const outbox = `${bob.uri}/outbox`;
  peer.serve('/users/bob/outbox', {
    id: outbox,
    type: 'OrderedCollection',
    first: { type: 'OrderedCollectionPage', orderedItems: items },
  });
  const account = await resolveActor(app.ctx, bob.uri);
  await app.request(`/@${bob.handle}`);
  await app.request(`/api/v1/accounts/${account?.id}/statuses`);
  await Bun.sleep(30);
  expect(hits(peer, '/users/bob/outbox')).toBe(0);
  expect((await app.request(`/@${bob.handle}`, { as: ada })).status).toBe(200);
  await until(() => findPostByUri(app.ctx.db, id) !== null);
  expect(findPostByUri(app.ctx.db, id)).not.toBeNull();
});

test('nothing is fetched while this server speaks with nobody', async () => {
  const { app, peer, bob } = await createWorld();
  const ada = await app.person('ada', 'owner');
  app.ctx.db
    .query("INSERT INTO settings (key, value, updated_at) VALUES ('federation.with', 'off', 1)")
    .run();
  const query = `resolve=true&q=${encodeURIComponent(bob.handle)}`;
  const answer = await app.request(`/api/v2/search?${query}`, { token: ada.token });
  expect(await answer.json()).toMatchObject({ accounts: [] });
  expect(await resolveActor(app.ctx, bob.uri)).toBeNull();
  expect(await resolvePost(app.ctx, `${peer.origin}/posts/1`)).toBeNull();
  expect(peer.requests.length).toBe(0);
});
