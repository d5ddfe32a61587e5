import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createFederatedApp, type FederatedApp, openCanary } from '#test/harness/federation.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';
import { knock, outcome, signedRequest, verdict } from './signing-world.ts';

const evil = createPeer({ address: '127.0.0.4' });
const good = createPeer({ address: '127.0.0.3' });
const canary = openCanary();
let app: FederatedApp;
let bob: PeerActor;

beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.2' });
  await app.person('anna', 'owner');
  bob = good.actor('bob');
});
afterAll(async () => {
  await app.close();
  await good.close();
  await evil.close();
  canary.close();
});

const SCHEMES = ['cavage', 'rfc9421'] as const;

describe('A signed request', () => {
  for (const scheme of SCHEMES) {
    for (const method of ['GET', 'POST'] as const) {
      test(`tells who sent it: ${method} after ${scheme}`, async () => {
        const end = await knock(app, { as: bob, scheme, method });
        expect(end).toMatchObject({ signer: { keyId: bob.keyId, account: { uri: bob.uri } } });
      });
    }
  }
  test('T13: is refused when the body does not fit its digest', async () => {
    for (const scheme of SCHEMES) {
      expect(await outcome(app, { as: bob, scheme, tamper: { sentBody: '{"type":"Lik3"}' } })).toBe(
        'unauthorized',
      );
    }
  });
  void signedRequest;
  void verdict;
});
