import { afterAll, expect, test } from 'bun:test';
import { verify } from 'node:crypto';
import { createFederatedApp, openCanary, settleAll } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';

const peer = createPeer({ address: '127.0.0.3' });
const canary = openCanary();

afterAll(async () => {
  await peer.close();
  canary.close();
});

test('two servers in one process are reached on addresses of their own', async () => {
  const a = await createFederatedApp({ address: '127.0.0.1' });
  const b = await createFederatedApp({ address: '127.0.0.2' });
  await a.person('ann', 'owner');
  await b.person('bob', 'owner');
  await settleAll(a, b);
  const pages = await Promise.all([fetch(`${a.origin}/@ann`), fetch(`${b.origin}/@bob`)]);
  expect(pages.map((page) => page.status)).toEqual([200, 200]);
  expect(a.host).not.toBe(b.host);
  await a.close();
  await b.close();
});

test('a scripted server serves its people, and what it sends bears their signature', async () => {
  const bob = peer.actor('bob');
  const read = (await (await fetch(bob.uri)).json()) as { id: string };
  expect(read.id).toBe(bob.uri);
  const answer = await peer.post(`${peer.origin}/inbox`, { type: 'Like' }, { as: bob });
  expect(answer.status).toBe(202);
  expect(peer.posted()).toEqual([{ type: 'Like' }]);
  const headers = peer.requests.at(-1)?.headers;
  const text = [
    '(request-target): post /inbox',
    `host: ${peer.host}`,
    `date: ${headers?.get('date')}`,
    `digest: ${headers?.get('digest')}`,
    'content-type: application/activity+json',
  ].join('\n');
  const signature = /signature="([^"]+)"/.exec(headers?.get('signature') ?? '')?.[1] ?? '';
  const fits = verify('sha256', Buffer.from(text), bob.publicPem, Buffer.from(signature, 'base64'));
  expect(fits).toBe(true);
});

test('a canary counts who comes', async () => {
  expect(canary.connections()).toBe(0);
  await fetch(canary.origin).catch(() => null);
  expect(canary.connections()).toBe(1);
});
