import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createPublicKey, verify } from 'node:crypto';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { fetchDocument } from '#doors/federation/remote/fetch-document.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer } from '#test/harness/peer.ts';

let app: FederatedApp;
const peers: Peer[] = [];
beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.2' });
  await app.person('anna', 'owner');
});
afterAll(async () => {
  await app.close();
  for (const peer of peers) await peer.close();
});

/** A server that answers 401 unless a request is signed to its taste. */
function picky(address: string, likes: (request: Request) => boolean): Peer {
  const peer = createPeer({ address });
  peers.push(peer);
  for (const path of ['/notes/1', '/notes/2', '/notes/3?page=true']) {
    peer.serve(path, (request) =>
      likes(request)
        ? { id: `${peer.origin}${path}`, type: 'Note' }
        : new Response(null, { status: 401 }),
    );
  }
  return peer;
}

/** Which schemes a server was asked with, in order. */
function schemes(peer: Peer): string[] {
  return peer.requests.map(({ headers }) => (headers.has('signature-input') ? 'new' : 'old'));
}

test('A server that knows RFC 9421 alone is asked in vain once, and never again', async () => {
  const peer = picky('127.0.0.6', (request) => request.headers.has('signature-input'));
  await fetchDocument(app.ctx, `${peer.origin}/notes/1`);
  expect(schemes(peer)).toEqual(['old', 'new']);
  await fetchDocument(app.ctx, `${peer.origin}/notes/2`);
  expect(schemes(peer)).toEqual(['old', 'new', 'new']);
});

test('A server that goes back to draft-cavage is understood, too', async () => {
  let modern = true;
  const peer = picky('127.0.0.7', (request) => request.headers.has('signature-input') === modern);
  await fetchDocument(app.ctx, `${peer.origin}/notes/1`);
  modern = false;
  await fetchDocument(app.ctx, `${peer.origin}/notes/2`);
  await fetchDocument(app.ctx, `${peer.origin}/notes/1`);
  expect(schemes(peer)).toEqual(['old', 'new', 'new', 'old', 'old']);
});

test('A server that does not sign queries gets its page at the third knock', async () => {
  const { publicPem } = await readSigningKey(app.ctx, 0);
  const key = createPublicKey(publicPem);
  const peer = picky('127.0.0.8', (request) => {
    const { headers } = request;
    const text = [
      `(request-target): get ${new URL(request.url).pathname}`,
      `host: ${headers.get('host')}`,
      `date: ${headers.get('date')}`,
      `accept: ${headers.get('accept')}`,
    ].join('\n');
    const signature = /signature="([^"]+)"/.exec(headers.get('signature') ?? '')?.[1] ?? '';
    return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'));
  });
  await fetchDocument(app.ctx, `${peer.origin}/notes/3?page=true`);
  expect(schemes(peer)).toEqual(['old', 'new', 'old']);
  // Without a query the first knock is right.
  await fetchDocument(app.ctx, `${peer.origin}/notes/1`);
  expect(schemes(peer)).toHaveLength(4);
});

test('A server that refuses all of it is knocked at no more than that', async () => {
  const peer = picky('127.0.0.9', () => false);
  await expect(fetchDocument(app.ctx, `${peer.origin}/notes/1`)).rejects.toThrow('401');
  await expect(fetchDocument(app.ctx, `${peer.origin}/notes/1`)).rejects.toThrow('401');
  expect(schemes(peer)).toEqual(['old', 'new']);
});
