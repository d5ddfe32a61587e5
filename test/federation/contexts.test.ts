import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';
import { activityOf, letFollow, noteOf, rowsIn } from './inbound-world.ts';

const peer = createPeer({ address: '127.0.0.3' });
const other = createPeer({ address: '127.0.0.4' });
let app: FederatedApp;
let ann: Person;

beforeAll(async () => {
  app = await createFederatedApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
});
afterAll(async () => {
  await app.close();
  await Promise.all([peer.close(), other.close()]);
});

/** Two hundred contexts on two servers, one that contains itself, and addresses that nobody may ask. */
function contexts(): unknown[] {
  peer.serve('/context/0', { '@context': [`${peer.origin}/context/0`, { x: 'as:x' }] });
  const many = [peer, other].flatMap(({ origin }) =>
    Array.from({ length: 100 }, (_, index) => `${origin}/context/${index}`),
  );
  const refused = ['http://169.254.169.254/', `${app.origin}/admin`, 'http://127.0.0.99:6379/'];
  return ['https://www.w3.org/ns/activitystreams', ...many, ...refused];
}

test.each(['none', 'cavage'] as const)(
  'T45: no context is fetched, signed (%s) or not, in whatever document',
  async (scheme) => {
    const bob = peer.actor(`bob-${scheme}`, { '@context': contexts() });
    if (scheme !== 'none') await letFollow(app, ann, bob);
    const before = [peer.requests.length, other.requests.length];
    const note = noteOf(bob, 1, { '@context': contexts(), tag: [{ '@context': contexts() }] });
    const activity = activityOf(bob, 'Create', note, { '@context': contexts() });
    const answer = await peer.post(`${app.origin}/inbox`, activity, { as: bob, scheme });
    await settleAll(app);
    expect(answer.status).toBe(scheme === 'none' ? 401 : 202);
    expect(rowsIn(app, 'posts', `uri = '${note.id}'`)).toBe(scheme === 'none' ? 0 : 1);
    const asked = [peer, other].flatMap(({ requests }, index) => requests.slice(before[index]));
    const gets = asked.filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect(gets.filter((path) => path !== '/.well-known/nodeinfo')).toEqual([]);
  },
);
