import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createPublicKey } from 'node:crypto';
import { signRequest as fedifySign, verifyRequest as fedifyVerify } from '@fedify/fedify/sig';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { signRequest } from '#doors/federation/signatures/sign.ts';
import { verifyRequest } from '#doors/federation/signatures/verify.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';

// Fedify is the oracle: its signatures must be good here, and ours must be good there.
const peer = createPeer({ address: '127.0.0.3' });
let app: FederatedApp;
let bob: PeerActor;
beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.2' });
  await app.person('anna', 'owner');
  bob = peer.actor('bob');
});
afterAll(async () => {
  await app.close();
  await peer.close();
});

const SPECS = { cavage: 'draft-cavage-http-signatures-12', rfc9421: 'rfc9421' } as const;
const BODY = '{"type":"Like","content":"ä"}';
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

async function bobsKey(): Promise<CryptoKey> {
  const der = bob.privateKey.export({ type: 'pkcs8', format: 'der' });
  return await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
}

/** What a peer reads of our instance actor, as JSON-LD that needs no context from elsewhere. */
async function ourActor() {
  const { publicPem } = await readSigningKey(app.ctx, 0);
  const security = 'https://w3id.org/security#';
  const actor = `${app.origin}/actor`;
  return {
    '@id': `${actor}#main-key`,
    '@type': [`${security}Key`],
    [`${security}owner`]: [{ '@id': actor }],
    [`${security}publicKeyPem`]: [{ '@value': publicPem }],
  };
}

for (const scheme of ['cavage', 'rfc9421'] as const) {
  describe(`Fedify and we, after ${scheme}:`, () => {
    for (const method of ['POST', 'GET'] as const) {
      test(`its ${method} is good here`, async () => {
        const url = `${app.origin}/inbox?page=2`;
        const init =
          method === 'POST'
            ? { method, body: BODY, headers: { 'content-type': 'application/activity+json' } }
            : { method, headers: { accept: 'application/activity+json' } };
        const request = await fedifySign(
          new Request(url, init),
          await bobsKey(),
          new URL(bob.keyId),
          { spec: SPECS[scheme] },
        );
        const body = method === 'POST' ? Buffer.from(BODY) : null;
        const signer = await verifyRequest(app.ctx, request, body);
        expect(signer.account.uri).toBe(bob.uri);
      });
      test(`our ${method} is good there`, async () => {
        const url = new URL(`${peer.origin}/inbox?page=2`);
        const body = method === 'POST' ? { body: BODY } : { accept: 'application/activity+json' };
        // Fedify leaves the query out of draft-cavage.
        const made = await signRequest(app.ctx, {
          ...{ accountId: 0, method, url, scheme, ...body },
          withoutQuery: true,
        });
        const request = new Request(url, {
          method,
          headers: { host: url.host, ...made },
          ...(method === 'POST' ? { body: BODY } : {}),
        });
        const document = await ourActor();
        const documentLoader = async (asked: string) => ({
          contextUrl: null,
          document,
          documentUrl: asked,
        });
        const key = await fedifyVerify(request, { documentLoader, contextLoader: documentLoader });
        expect(key?.id?.href).toBe(`${app.origin}/actor#main-key`);
        const spoiled = new Request(request.url, {
          method,
          headers: { ...made, host: url.host, date: new Date(0).toUTCString() },
          ...(method === 'POST' ? { body: BODY } : {}),
        });
        expect(
          await fedifyVerify(spoiled, { documentLoader, contextLoader: documentLoader }),
        ).toBeNull();
      });
    }
  });
}

test('Keys are RSA of 2048 bits as SPKI, the same after a restart', async () => {
  const key = await readSigningKey(app.ctx, 0);
  const again = await Promise.all([1, 2, 3].map(() => readSigningKey(app.ctx, 0)));
  expect(new Set([key, ...again].map(({ publicPem }) => publicPem)).size).toBe(1);
  expect(key.publicPem).toStartWith('-----BEGIN PUBLIC KEY-----');
  expect(createPublicKey(key.publicPem).asymmetricKeyDetails?.modulusLength).toBe(2048);
  app = (await app.reopen()) as FederatedApp;
  expect((await readSigningKey(app.ctx, 0)).publicPem).toBe(key.publicPem);
});
