import { afterEach, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { fetchDocument } from '#doors/federation/remote/fetch-document.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolveHandle } from '#doors/federation/remote/resolve-handle.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { resolveText } from '#doors/federation/remote/resolve-text.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function world(): Promise<{ app: FederatedApp; peer: Peer; bob: PeerActor }> {
  const app = await createFederatedApp({ address: '127.0.0.1' });
  const peer = createPeer({ address: '127.0.0.3' });
  open.push(app, peer);
  return { app, peer, bob: peer.actor('bob') };
}

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

function note(bob: PeerActor, path: string, more: Record<string, unknown> = {}) {
  const id = `${new URL(bob.uri).origin}${path}`;
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id,
    type: 'Note',
    attributedTo: bob.uri,
    to: [PUBLIC],
    cc: [`${bob.uri}/followers`],
    content: '<p>A photo</p>',
    published: '2026-11-01T10:00:00Z',
    ...more,
  };
}

test('somebody of another server is found by handle, by id and by page, and asked for once', async () => {
  const { app, peer, bob } = await world();
  const account = await resolveHandle(app.ctx, bob.handle);
  expect(account).toMatchObject({ username: 'bob', domain: peer.host, uri: bob.uri });
  const asked = peer.requests.length;
  expect((await resolveActor(app.ctx, bob.uri))?.id).toBe(account?.id ?? 0);
  expect(await resolveText(app.ctx, `@${bob.handle}`)).toMatchObject({
    account: { id: account?.id },
  });
  expect(await resolveText(app.ctx, `acct:${bob.handle}`)).toMatchObject({
    account: { id: account?.id },
  });
  expect(peer.requests.filter(({ path }) => path.startsWith('/users/bob')).length).toBe(1);
  expect(peer.requests.length - asked).toBeLessThanOrEqual(2);
  const request = peer.requests.find(({ path }) => path === '/users/bob');
  expect(request?.headers.get('signature')).toContain(`${app.origin}/actor#main-key`);
});

test('a post is found by its id and by the address of its page, with what stands above it', async () => {
  const { app, peer, bob } = await world();
  peer.serve('/posts/1', note(bob, '/posts/1'));
  const two = peer.serve(
    '/posts/2',
    note(bob, '/posts/2', { inReplyTo: `${peer.origin}/posts/1` }),
  );
  peer.serve(
    '/@bob/2',
    new Response(
      `<html><head><link rel="alternate" type="application/activity+json" href="${two}"></head></html>`,
      { headers: { 'content-type': 'text/html; charset=utf-8' } },
    ),
  );
  const found = await resolveText(app.ctx, `${peer.origin}/@bob/2`);
  expect(found).toMatchObject({ post: { uri: two, caption: 'A photo' } });
  const first = await resolvePost(app.ctx, `${peer.origin}/posts/1`);
  expect(first).toMatchObject({ uri: `${peer.origin}/posts/1`, visibility: 'public' });
  expect(found).toMatchObject({ post: { inReplyToId: first?.id } });
});

test('an account that was read a day ago is answered at once and read again beside it', async () => {
  const { app, bob } = await world();
  const first = await resolveActor(app.ctx, bob.uri);
  Object.assign(bob.document, { name: 'Bob the second' });
  app.clock.advance(25 * 3_600_000);
  expect((await resolveActor(app.ctx, bob.uri))?.displayName).toBe('bob');
  for (let tries = 0; tries < 1000; tries += 1) {
    if (findAccount(app.ctx.db, first?.id ?? 0)?.displayName !== 'bob') break;
    await Bun.sleep(10);
  }
  expect(findAccount(app.ctx.db, first?.id ?? 0)?.displayName).toBe('Bob the second');
});

test('who asks for the same account at the same time shares one request', async () => {
  const { app, peer, bob } = await world();
  const all = await Promise.all(Array.from({ length: 20 }, () => resolveActor(app.ctx, bob.uri)));
  expect(new Set(all.map((account) => account?.id)).size).toBe(1);
  expect(peer.requests.filter(({ path }) => path === '/users/bob').length).toBe(1);
});

test('T50: what could not be had is not asked for again for a while', async () => {
  const { app, peer } = await world();
  for (let tries = 0; tries < 20; tries += 1) {
    expect(fetchDocument(app.ctx, `${peer.origin}/nothing`)).rejects.toMatchObject({
      failure: 'gone',
    });
  }
  await Bun.sleep(20);
  expect(await resolvePost(app.ctx, `${peer.origin}/nothing`)).toBeNull();
  expect(peer.requests.length).toBe(1);
  app.clock.advance(3_600_000);
  expect(await resolvePost(app.ctx, `${peer.origin}/nothing`)).toBeNull();
  expect(peer.requests.length).toBe(2);
});

test('a server that does not answer is another matter than one that has nothing', async () => {
  const { app, peer, bob } = await world();
  const down = () => new Response('Down', { status: 503 });
  peer.serve('/posts/1', down);
  peer.serve('/users/down', down);
  const unavailable = { kind: 'unavailable' };
  await expect(resolvePost(app.ctx, `${peer.origin}/posts/1`)).rejects.toMatchObject(unavailable);
  await expect(resolveActor(app.ctx, `${peer.origin}/users/down`)).rejects.toMatchObject(
    unavailable,
  );
  expect(await resolvePost(app.ctx, `${peer.origin}/posts/none`)).toBeNull();
  // What stands above may be out of reach without taking what is below with it.
  peer.serve('/posts/2', note(bob, '/posts/2', { inReplyTo: `${peer.origin}/posts/1` }));
  expect(await resolvePost(app.ctx, `${peer.origin}/posts/2`, { depth: 5 })).not.toBeNull();
});
