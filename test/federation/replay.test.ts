import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';
import { signCavage, signMessage } from '#test/harness/peer-signatures.ts';

const peer = createPeer({ address: '127.0.0.3' });
let app: FederatedApp;
beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.2', still: true });
  await app.person('anna', 'owner');
});
afterAll(async () => {
  await app.close();
  await peer.close();
});

test('T18: a copy is answered like the first one and taken once; elsewhere it is no good', async () => {
  for (const [scheme, sign] of [
    ['cavage', signCavage],
    ['rfc9421', signMessage],
  ] as const) {
    const bob = peer.actor(`bob-${scheme}`);
    const url = `${app.origin}/inbox`;
    const object = `${app.origin}/users/anna`;
    // Follows have no mark of their own: the signature alone tells the copy.
    const body = JSON.stringify({ id: `${bob.uri}#f`, type: 'Follow', actor: bob.uri, object });
    const { keyId, privateKey } = bob;
    const now = app.clock.now();
    const tamper = {
      date: new Date(now).toUTCString(),
      parameters: { created: Math.floor(now / 1000) },
    };
    const made = sign({ method: 'POST', url, body, keyId, privateKey, tamper });
    const headers = { ...made, 'content-type': 'application/activity+json' };
    const send = async (to: string) => (await fetch(to, { method: 'POST', headers, body })).status;
    expect(await send(url)).toBe(202);
    expect(await send(url)).toBe(202);
    expect(await send(`${app.origin}/inbox?again`)).toBe(scheme === 'cavage' ? 202 : 401);
    expect(await send(`${app.origin}/users/anna/inbox`)).toBe(401);
    app.clock.advance(12 * 3_600_000 - 1000);
    expect(await send(url)).toBe(202);
    const taken = app.ctx.db
      .query<{ n: number }, { body: string }>(
        'SELECT count(*) AS n FROM inbox_items WHERE body = $body',
      )
      .get({ body });
    expect(taken?.n).toBe(1);
    app.clock.advance(2000);
    expect(await send(url)).toBe(401);
  }
});
