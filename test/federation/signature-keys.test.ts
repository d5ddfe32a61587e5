import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { setRule } from '#domain/policy/set-rule.ts';
import { createFederatedApp, type FederatedApp, openCanary } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';
import { knock, outcome, signedRequest, verdict } from './signing-world.ts';

const good = createPeer({ address: '127.0.0.3' });
const evil = createPeer({ address: '127.0.0.4' });
const canary = openCanary();
let app: FederatedApp;
let count = 0;

beforeEach(async () => {
  await app?.close();
  app = await createFederatedApp({ address: '127.0.0.2' });
  await app.person('anna', 'owner');
});
afterAll(async () => {
  await app.close();
  await good.close();
  await evil.close();
  canary.close();
});

/** Somebody who has not been seen before. */
function someone(peer: Peer, more: Record<string, unknown> = {}): PeerActor {
  count += 1;
  return peer.actor(`someone${count}`, more);
}

/** How often a path was asked for. */
function asked(peer: Peer, path: string): number {
  return peer.requests.filter((request) => request.path === path).length;
}

describe('A key is found', () => {
  test('where GoToSocial keeps it: at an address of its own that shows its actor', async () => {
    const bob = someone(good);
    const keyId = `${bob.uri}/main-key`;
    bob.document.publicKey = { id: keyId, owner: bob.uri, publicKeyPem: bob.publicPem };
    good.serve(new URL(keyId).pathname, {
      '@context': bob.document['@context'],
      id: bob.uri,
      type: 'Person',
      preferredUsername: bob.name,
      publicKey: bob.document.publicKey,
    });
    const end = await knock(app, { as: { ...bob, keyId } });
    expect(end).toMatchObject({ signer: { keyId, account: { uri: bob.uri } } });
  });
  test('where Hubzilla keeps it: as a document that names its owner', async () => {
    const bob = someone(good);
    const keyId = `${bob.uri}/public_key_pem`;
    bob.document.publicKey = { id: keyId, owner: bob.uri, publicKeyPem: bob.publicPem };
    const key = { id: keyId, type: 'Key', owner: bob.uri, publicKeyPem: bob.publicPem };
    good.serve(new URL(keyId).pathname, key);
    expect(await outcome(app, { as: { ...bob, keyId } })).toBe('accepted');
  });
  test('where old PeerTube keeps it: under the id of the actor itself', async () => {
    const bob = someone(good);
    bob.document.publicKey = { id: bob.uri, owner: bob.uri, publicKeyPem: bob.publicPem };
    expect(await outcome(app, { as: { ...bob, keyId: bob.uri } })).toBe('accepted');
  });
  test('of a server itself, although its WebFinger does not know that name', async () => {
    for (const status of [400, 404]) {
      const bot = someone(good, { type: 'Application' });
      for (const resource of [`acct:${bot.handle}`, encodeURIComponent(`acct:${bot.handle}`)]) {
        const path = `/.well-known/webfinger?resource=${resource}`;
        good.serve(path, () => new Response('', { status }));
      }
      expect(await outcome(app, { as: bot, method: 'GET' })).toBe('accepted');
    }
  });
  test('once, and known from then on without asking', async () => {
    const bob = someone(good);
    const path = new URL(bob.uri).pathname;
    for (let index = 0; index < 20; index += 1) {
      expect(await outcome(app, { as: bob })).toBe('accepted');
    }
    expect(asked(good, path)).toBe(1);
  });
  test('once by many who ask at the same time', async () => {
    const bob = someone(good);
    const path = new URL(bob.uri).pathname;
    const ends = await Promise.all(Array.from({ length: 10 }, () => outcome(app, { as: bob })));
    expect(new Set(ends)).toEqual(new Set(['accepted']));
    expect(asked(good, path)).toBe(1);
  });
  test('anew when it changed, after five minutes', async () => {
    const bob = someone(good);
    const other = someone(good);
    expect(await outcome(app, { as: bob })).toBe('accepted');
    bob.document.publicKey = {
      ...{ id: bob.keyId, owner: bob.uri },
      publicKeyPem: other.publicPem,
    };
    const changed = { as: bob, tamper: { privateKey: other.privateKey } };
    expect(await outcome(app, changed)).toBe('unauthorized');
    app.clock.advance(6 * 60_000);
    expect(await outcome(app, changed)).toBe('accepted');
    expect(await outcome(app, { as: bob })).toBe('unauthorized');
  });
  test('later when its server does not answer now', async () => {
    const bob = someone(good);
    const path = new URL(bob.uri).pathname;
    good.serve(path, () => new Response('', { status: 503 }));
    expect(await outcome(app, { as: bob })).toBe('unavailable');
    good.serve(path, bob.document);
    app.clock.advance(6 * 60_000);
    expect(await outcome(app, { as: bob })).toBe('accepted');
  });
});

describe('T2: a key that claims an owner who does not know it is refused', () => {
  test('in the actor of somebody else', async () => {
    const victim = someone(good);
    const mallory = someone(evil);
    mallory.document.publicKey = {
      ...{ id: mallory.keyId, owner: victim.uri },
      publicKeyPem: mallory.publicPem,
    };
    for (const warm of [false, true]) {
      if (warm) expect(await outcome(app, { as: victim })).toBe('accepted');
      app.clock.advance(6 * 60_000);
      expect(await outcome(app, { as: mallory })).toBe('unauthorized');
    }
  });
  test('as a document of its own, from another server or the same', async () => {
    const victim = someone(good);
    for (const peer of [evil, good]) {
      const mallory = someone(peer);
      const keyId = `${mallory.uri}/key`;
      const key = { id: keyId, type: 'Key', owner: victim.uri, publicKeyPem: mallory.publicPem };
      peer.serve(new URL(keyId).pathname, key);
      for (const warm of [false, true]) {
        if (warm) expect(await outcome(app, { as: victim })).toBe('accepted');
        app.clock.advance(6 * 60_000);
        expect(await outcome(app, { as: { ...mallory, keyId } })).toBe('unauthorized');
      }
    }
    expect(await outcome(app, { as: victim })).toBe('accepted');
  });
  test('under the very id of the victim’s key, from a document elsewhere', async () => {
    const victim = someone(good);
    expect(await outcome(app, { as: victim })).toBe('accepted');
    const mallory = someone(evil);
    mallory.document.publicKey = {
      ...{ id: victim.keyId, owner: mallory.uri },
      publicKeyPem: mallory.publicPem,
    };
    await outcome(app, { as: mallory });
    const forged = { ...mallory, keyId: victim.keyId };
    app.clock.advance(6 * 60_000);
    expect(await outcome(app, { as: forged })).toBe('unauthorized');
    expect(await outcome(app, { as: victim })).toBe('accepted');
  });
  test('as a document with another key than its owner lists', async () => {
    const bob = someone(good);
    const other = someone(good);
    const keyId = `${bob.uri}/public_key_pem`;
    bob.document.publicKey = { id: keyId, owner: bob.uri, publicKeyPem: bob.publicPem };
    const key = { id: keyId, type: 'Key', owner: bob.uri, publicKeyPem: other.publicPem };
    good.serve(new URL(keyId).pathname, key);
    const forged = { ...bob, keyId, privateKey: other.privateKey };
    expect(await outcome(app, { as: forged })).toBe('unauthorized');
  });
});

test('T3: who signs is told truly, so an activity in the name of a victim is not theirs', async () => {
  const victim = someone(good);
  const mallory = someone(evil);
  await outcome(app, { as: victim });
  const activity = {
    id: `${victim.uri}#like`,
    type: 'Like',
    actor: victim.uri,
    object: app.origin,
  };
  const answer = await evil.post(`${app.origin}/inbox`, activity, { as: mallory });
  expect(answer.status).toBe(401);
});

test('T21: keys at odd addresses are refused without asking anybody', async () => {
  const strict = await createFederatedApp({
    address: '127.0.0.2',
    config: { allowAddresses: ['127.0.0.3/32'] },
  });
  const bob = someone(good);
  const before = good.requests.length;
  const odd = [
    'acct:bob@example.org',
    'data:application/json,{}',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ftp://127.0.0.3/key',
    `${canary.origin.replace('//', '//user:secret@')}/users/bob#main-key`,
    'http://localhost/users/bob#main-key',
    `${canary.origin}/users/bob#main-key`,
    'http://169.254.169.254/latest/meta-data',
    'https://192.168.1.1/users/bob#main-key',
    'https://[::1]/users/bob#main-key',
    'https://0x7f000001/users/bob',
    'https://10.0.0.1:6379/key',
    `${good.origin}/${'a'.repeat(8000)}`,
    'not an address',
    '',
  ];
  for (const keyId of odd) {
    const end = await outcome(strict, { as: bob, tamper: { keyId } });
    expect(`${end} ${keyId.slice(0, 60)}`).toBe(`unauthorized ${keyId.slice(0, 60)}`);
  }
  expect(good.requests.length).toBe(before);
  expect(canary.connections()).toBe(0);
  expect(await outcome(strict, { as: bob })).toBe('accepted');
  await strict.close();
});

test('T22: bad signatures make us ask for a key once in five minutes', async () => {
  const bob = someone(good);
  const stranger = someone(good);
  const path = new URL(bob.uri).pathname;
  expect(await outcome(app, { as: bob })).toBe('accepted');
  const bad = { as: bob, tamper: { privateKey: stranger.privateKey } };
  for (let round = 1; round <= 3; round += 1) {
    app.clock.advance(5 * 60_000 + 1);
    for (let index = 0; index < 50; index += 1) {
      expect(await outcome(app, bad)).toBe('unauthorized');
    }
    expect(asked(good, path)).toBe(1 + round);
  }
  expect(await outcome(app, { as: bob })).toBe('accepted');
});

test('T22: a key that is not to be had is not asked for again and again', async () => {
  const bob = someone(good);
  for (const [keyId, more] of [
    [`${good.origin}/nobody#main-key`, {}],
    [`${bob.uri}/key`, { id: `${bob.uri}/key`, type: 'Key', owner: bob.uri, publicKeyPem: 'x' }],
  ] as const) {
    const { pathname } = new URL(keyId);
    if ('id' in more) good.serve(pathname, more);
    for (let index = 0; index < 20; index += 1) {
      expect(await outcome(app, { as: { ...bob, keyId } })).toBe('unauthorized');
    }
    expect(asked(good, pathname)).toBe(1);
  }
});

test('T29: nobody elsewhere signs for this server, and nobody is asked', async () => {
  const mallory = someone(evil);
  const before = evil.requests.length;
  for (const keyId of [
    `${app.origin}/users/anna#main-key`,
    `${app.origin}/actor#main-key`,
    `http://127.0.0.2:${new URL(app.origin).port}/users/anna`,
  ]) {
    expect(await outcome(app, { as: mallory, tamper: { keyId } })).toBe('unauthorized');
  }
  expect(evil.requests.length).toBe(before);
});

test('A blocked server is refused before anybody is asked', async () => {
  const bob = someone(evil);
  const before = evil.requests.length;
  setRule(app.ctx, null, { domain: evil.host, rule: 'block' });
  expect(await outcome(app, { as: bob })).toBe('forbidden');
  expect(await outcome(app, { as: bob, method: 'GET' })).toBe('forbidden');
  expect(evil.requests.length).toBe(before);
});

test('A suspended account is refused although its signature is good', async () => {
  const bob = someone(good);
  const end = await knock(app, { as: bob });
  if (!('signer' in end)) throw new Error('The first request has to be good.');
  app.ctx.db
    .query('UPDATE accounts SET suspended_at = 1 WHERE id = $id')
    .run({ id: end.signer.account.id });
  expect(await outcome(app, { as: bob })).toBe('forbidden');
});

test('Keys that prove nothing or cost too much are refused', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const weak = generateKeyPairSync('rsa', { modulusLength: 512 });
  const bob = someone(good);
  bob.document.publicKey = {
    ...{ id: bob.keyId, owner: bob.uri },
    publicKeyPem: String(weak.publicKey.export({ type: 'spki', format: 'pem' })),
  };
  const { request, body } = signedRequest(app, {
    as: bob,
    tamper: { privateKey: weak.privateKey },
  });
  expect(await verdict(app, request, body)).toMatchObject({ refused: 'unauthorized' });
});
