import { afterEach, beforeEach, expect, test } from 'bun:test';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { fetchDocument } from '#doors/federation/remote/fetch-document.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolveHandle } from '#doors/federation/remote/resolve-handle.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';

let app: FederatedApp;
let ada: Person;
let peer: Peer;
let bob: PeerActor;

beforeEach(async () => {
  app = await createFederatedApp();
  peer = createPeer({ address: '127.0.0.3' });
  ada = await app.person('ada', 'owner');
  bob = peer.actor('bob');
});
afterEach(async () => {
  await app.close();
  await peer.close();
});

const inbox = () => `${app.origin}/users/ada/inbox`;
const followers = () =>
  app.ctx.db
    .query<{ n: number }, { id: number }>(
      'SELECT followers_count AS n FROM accounts WHERE id = $id',
    )
    .get({ id: ada.viewer.id })?.n;

function followOf(n: number) {
  const object = `${app.origin}/users/ada`;
  return { id: `${bob.uri}#follows/${n}`, type: 'Follow', actor: bob.uri, object };
}

async function publish(caption: string): Promise<void> {
  publishPost(app.ctx, ada.viewer, { caption, mediaIds: [] });
  await app.settle();
}

test('a server that is blocked loses its follows, gets nothing, is asked nothing and is heard in nothing', async () => {
  expect((await peer.post(inbox(), followOf(1), { as: bob })).status).toBe(202);
  await app.settle();
  expect(followers()).toBe(1);
  await publish('Before');
  expect(peer.posted().map(({ type }) => type)).toEqual(['Accept', 'Create']);

  setRule(app.ctx, null, { domain: peer.host, rule: 'block' });
  await app.settle();
  expect(followers()).toBe(0);
  const heard = peer.requests.length;
  await publish('After');
  expect((await peer.post(inbox(), followOf(2), { as: bob })).status).toBe(403);
  expect(await resolveActor(app.ctx, bob.uri, { fresh: true })).toBeNull();
  expect(await resolveHandle(app.ctx, bob.handle)).toBeNull();
  await expect(fetchDocument(app.ctx, bob.uri)).rejects.toThrow();
  await app.settle();
  expect(followers()).toBe(0);
  expect(peer.requests.length).toBe(heard);

  removeRule(app.ctx, peer.host);
  await app.settle();
  expect((await peer.post(inbox(), followOf(3), { as: bob })).status).toBe(202);
  await app.settle();
  expect(followers()).toBe(1);
}, 20_000);

test('T41: a server that is not blocked cannot send us to one that is', async () => {
  const other = createPeer({ address: '127.0.0.4' });
  setRule(app.ctx, null, { domain: peer.host, rule: 'block' });
  const location = peer.serve('/notes/1', { id: `${peer.origin}/notes/1`, type: 'Note' });
  other.serve('/notes/1', () => new Response(null, { status: 302, headers: { location } }));
  await expect(fetchDocument(app.ctx, `${other.origin}/notes/1`)).rejects.toThrow();
  expect(other.requests.length).toBe(1);
  expect(peer.requests.length).toBe(0);
  await other.close();
});
