import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, openCanary } from '#test/harness/federation.ts';
import { createPeer, type Peer } from '#test/harness/peer.ts';

let app: FederatedApp;
let ann: Person;
let peer: Peer;

beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.1', config: { rates: false } });
  ann = await app.person('ann', 'owner');
  peer = createPeer({ address: '127.0.0.3' });
});
afterAll(async () => {
  await peer.close();
  await app.close();
});

/** Has the peer tell this subscribe template for everybody of its own. */
function offer(template: unknown): void {
  const links = [{ rel: 'http://ostatus.org/schema/1.0/subscribe', template }];
  peer.serve('/.well-known/webfinger', () =>
    Response.json(
      { subject: `acct:eve@${peer.host}`, links },
      { headers: { 'content-type': 'application/jrd+json' } },
    ),
  );
}

const ask = (handle: string, headers: Record<string, string> = {}) =>
  app.request('/@ann/remote-follow', { method: 'POST', form: { handle }, headers });

test('T74: a visitor is shown the link to the own server, and sent nowhere', async () => {
  const form = await (await app.request('/@ann/remote-follow')).text();
  expect(form).toContain('Follow from your server');
  offer(`${peer.origin}/authorize_interaction?uri={uri}`);
  const answer = await ask(`eve@${peer.host}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('location')).toBeNull();
  const html = await answer.text();
  const uri = encodeURIComponent(`${app.origin}/users/ann`);
  expect(html).toContain(`href="${peer.origin}/authorize_interaction?uri=${uri}"`);
  expect(html).toContain(`Go on at ${peer.host}`);
  expect(html).toContain('rel="nofollow noopener noreferrer ugc"');
});

test('T74: a template that leads elsewhere, or is no address of the web, is no link', async () => {
  for (const template of [
    'https://evil.example/?uri={uri}',
    `https://${peer.host}.evil.example/?uri={uri}`,
    `https://evil.example@${peer.host}/?uri={uri}`,
    'javascript:alert({uri})',
    'data:text/html,{uri}',
    '//evil.example/{uri}',
    `${peer.origin}/no-place-for-it`,
    ['https://a.example/{uri}'],
    null,
    42,
  ]) {
    offer(template);
    const answer = await ask(`eve@${peer.host}`);
    expect(answer.status).toBe(422);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).not.toContain('Go on at');
  }
});

test('T74: no address with a target in it redirects: all of that is a form of our own page', async () => {
  offer(`${peer.origin}/follow?uri={uri}`);
  for (const path of [
    `/@ann/remote-follow?handle=eve@${peer.host}`,
    '/authorize_interaction?uri=https://evil.example/',
    '/search?q=https://evil.example/',
  ]) {
    const answer = await app.request(path);
    expect(answer.headers.get('location') ?? '/').not.toStartWith('http');
    expect(answer.headers.get('location') ?? '/').not.toStartWith('//');
  }
  const foreign = await ask(`eve@${peer.host}`, { 'sec-fetch-site': 'cross-site' });
  expect(foreign.status).toBe(403);
  const member = await app.request('/@ann/remote-follow', {
    method: 'POST',
    form: { handle: `eve@${peer.host}` },
    headers: { cookie: ann.cookie, 'sec-fetch-site': 'same-origin' },
  });
  expect(member.status).toBe(403);
});

test('T41: a visitor cannot have this server ask a refused address, nor ask without end', async () => {
  const canary = openCanary();
  const closed = await createFederatedApp({
    address: '127.0.0.4',
    config: { allowAddresses: ['127.0.0.3/32'] },
  });
  await closed.person('ann', 'owner');
  const send = (handle: string) =>
    closed.request('/@ann/remote-follow', { method: 'POST', form: { handle } });
  try {
    for (const handle of [
      `eve@${new URL(canary.origin).host}`,
      `eve@${closed.host}`,
      'eve@localhost',
      'eve@169.254.169.254',
      'eve@[::1]',
      'not an address',
      `eve@${'a'.repeat(300)}`,
    ]) {
      expect((await send(handle)).status).toBe(422);
    }
    expect(canary.connections()).toBe(0);
    const statuses: number[] = [];
    for (let n = 0; n < 30; n += 1) statuses.push((await send(`e${n}@127.0.0.3:1`)).status);
    expect(statuses.at(-1)).toBe(429);
  } finally {
    canary.close();
    await closed.close();
  }
});

test('where nothing is spoken with others, nobody is offered to follow from there', async () => {
  const off = await createFederatedApp({ settings: { 'federation.with': 'off' } });
  await off.person('ann', 'owner');
  try {
    expect((await off.request('/@ann/remote-follow')).status).toBe(404);
    expect(await (await off.request('/@ann')).text()).not.toContain('Follow from your server');
  } finally {
    await off.close();
  }
});
