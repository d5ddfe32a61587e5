import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { setRule } from '#domain/policy/set-rule.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';

const settings = { 'federation.authorized_fetch': 'true' };
const peer = createPeer({ address: '127.0.0.3' });
let app: FederatedApp;
let other: FederatedApp;

beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.1', settings });
  other = await createFederatedApp({ address: '127.0.0.2', settings });
  await app.person('anna', 'owner');
  await other.person('berta', 'owner');
});
afterAll(async () => {
  await app.close();
  await other.close();
  await peer.close();
});

const ACTIVITY = { accept: 'application/activity+json' };

describe('Where only known servers read,', () => {
  test('an actor is for who signs, the server itself for everybody', async () => {
    const bob = peer.actor('bob');
    const anna = `${app.origin}/users/anna`;
    expect((await fetch(anna, { headers: ACTIVITY })).status).toBe(401);
    expect((await fetch(`${app.origin}/actor`, { headers: ACTIVITY })).status).toBe(200);
    for (const scheme of ['cavage', 'rfc9421'] as const) {
      const answer = await peer.get(anna, { as: bob, scheme });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toContain('private');
    }
    const tamper = { date: new Date(0).toUTCString() };
    expect((await peer.get(anna, { as: bob, tamper })).status).toBe(401);
  });
  test('two such servers still get to know each other', async () => {
    const berta = await resolveActor(app.ctx, `${other.origin}/users/berta`);
    expect(berta?.username).toBe('berta');
    const anna = await resolveActor(other.ctx, `${app.origin}/users/anna`);
    expect(anna?.username).toBe('anna');
  });
  test('a blocked server reads nothing and is not asked who it is', async () => {
    const mallory = createPeer({ address: '127.0.0.4' });
    const eve = mallory.actor('eve');
    setRule(app.ctx, null, { domain: mallory.host, rule: 'block' });
    const answer = await mallory.get(`${app.origin}/users/anna`, { as: eve });
    expect(answer.status).toBe(403);
    expect(mallory.requests).toHaveLength(0);
    await mallory.close();
  });
});

/** Sends bytes as they are and gives back the first line of the answer. */
async function raw(host: string, lines: readonly string[], body: string): Promise<string> {
  const [hostname = '', port = ''] = host.split(':');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) => {
        socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
      },
      data: (_socket, bytes) => {
        answer += bytes.toString();
      },
      close: () => resolve(answer.split('\r\n', 1)[0] ?? ''),
      error: (_socket, error) => reject(error),
    },
  });
  return await promise;
}

test('T20: on the wire, too, a header that comes twice is a bad request', async () => {
  const bob = peer.actor('rob');
  const sink = peer.origin;
  const activity = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    ...{ id: `${bob.uri}#likes/1`, type: 'Like', actor: bob.uri, object: `${app.origin}/x` },
  };
  const send = async (double: string | null) => {
    let seen: { headers: Headers; body: string } | null = null;
    peer.onPost((request, body) => {
      seen = { headers: request.headers, body };
      return new Response(null, { status: 202 });
    });
    // Signed for us, caught on its way, and sent by hand.
    const tamper = { host: app.host };
    await peer.post(`${sink}/inbox`, activity, { as: bob, tamper });
    const { headers, body } = seen ?? { headers: new Headers(), body: '' };
    const names = ['date', 'digest', 'content-type', 'signature'];
    const lines = names.map((name) => `${name}: ${headers.get(name)}`);
    const twice = double === null ? [] : [`${double}: ${headers.get(double) ?? app.host}`];
    const length = `content-length: ${Buffer.byteLength(body)}`;
    const first = ['POST /inbox HTTP/1.1', `host: ${app.host}`];
    return await raw(app.host, [...first, ...lines, length, ...twice], body);
  };
  expect(await send(null)).toContain(' 202 ');
  for (const name of ['host', 'date', 'digest', 'signature']) {
    const answer = name === 'host' ? await send('Host') : await send(name);
    expect(`${name} ${answer.slice(0, 12)}`).toBe(`${name} HTTP/1.1 400`);
  }
});
