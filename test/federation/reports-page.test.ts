import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';
import { photo } from '#test/posts/world.ts';

let app: FederatedApp;
let ann: Person;
let ben: Person;
let peer: Peer;
let eve: PeerActor;
let postId: string;

beforeAll(async () => {
  app = await createFederatedApp({ config: { rates: false }, settings: { mode: 'community' } });
  ann = await app.person('ann', 'owner');
  ben = await app.person('ben');
  peer = createPeer({ address: '127.0.0.3' });
  eve = peer.actor('eve');
  const mediaId = photo(app.ctx, ben.viewer.id, 'boats');
  const made = await app.request('/api/v1/statuses', {
    token: ben.token,
    json: { status: 'A rude word', media_ids: [String(mediaId)] },
  });
  postId = ((await made.json()) as { id: string }).id;
});
afterAll(async () => {
  await peer.close();
  await app.close();
});

const act = (path: string, form: Record<string, string> = {}, as = ann) =>
  app.request(path, { as, form });
const page = async (path: string, as = ann) => (await app.request(path, { as })).text();

test('a report from elsewhere is read, noted, acted upon and closed', async () => {
  const flag = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${peer.origin}/flags/1`,
    type: 'Flag',
    actor: eve.uri,
    content: 'This is <b>rude</b>',
    object: [`${app.origin}/users/ben`, `${app.origin}/users/ben/posts/${postId}`],
  };
  const answer = await peer.post(`${app.origin}/inbox`, flag, { as: eve });
  expect(answer.status).toBe(202);
  await settleAll(app);
  const list = await page('/admin/reports');
  expect(list).toContain('@ben');
  expect(list).toContain(peer.host);
  const path = /\/admin\/reports\/\d+/.exec(list)?.[0] ?? '';
  expect(await page(path)).toContain('A rude word');
  expect((await act(`${path}/note`, { text: 'Talked to Ben.' })).status).toBe(303);
  expect((await act(`${path}/note`, { text: '  ' })).status).toBe(422);
  expect(await page(path)).toContain('Talked to Ben.');
  expect((await act(`${path}/hide`, { post: postId })).status).toBe(303);
  expect((await app.request(`/@ben/${postId}`)).status).toBe(404);
  expect((await app.request(`/@ben/${postId}`, { as: ben })).status).toBe(200);
  expect(await page(path)).toContain('Hidden: only its author sees it.');
  expect((await act(`${path}/show`, { post: postId })).status).toBe(303);
  expect((await app.request(`/@ben/${postId}`)).status).toBe(200);
  expect((await act(`${path}/close`)).status).toBe(303);
  expect(await page('/admin/reports')).not.toContain(path);
  expect(await page('/admin/reports?closed=1')).toContain(path);
});

test('T98: members see no report and change none', async () => {
  const list = await page('/admin/reports?closed=1');
  const path = /\/admin\/reports\/\d+/.exec(list)?.[0] ?? '';
  for (const each of ['/admin/reports', path]) {
    expect((await app.request(each, { as: ben })).status).toBe(403);
  }
  expect((await act(`${path}/reopen`, {}, ben)).status).toBe(403);
  expect((await act(`${path}/hide`, { post: postId }, ben)).status).toBe(403);
});

test('T28: an account of another server is suspended here: its follows end, its page is gone', async () => {
  await app.request(`/@eve@${encodeURIComponent(peer.host)}`, { as: ann });
  const path = `/@eve@${encodeURIComponent(peer.host)}`;
  expect((await act(`${path}/follow`)).status).toBe(303);
  const profile = await page(path);
  const id = /\/admin\/accounts\/(\d+)\/suspend/.exec(profile)?.[1] ?? '';
  expect((await act(`/admin/accounts/${id}/suspend`, {}, ben)).status).toBe(403);
  const done = await act(`/admin/accounts/${id}/suspend`, { next: path });
  expect(done.headers.get('location')).toBe(path);
  expect((await app.request(path, { as: ben })).status).toBe(404);
  expect((await app.request(path)).status).toBe(404);
  expect(await page(path)).toContain('Suspended here');
  expect(await page('/@ann/following')).not.toContain(`@eve@${peer.host}`);
  expect((await act(`/admin/accounts/${id}/restore`, { next: path })).status).toBe(303);
  expect((await app.request(path, { as: ben })).status).toBe(200);
});

test('T53: a name cannot turn the line around it, nor hide what stands there', async () => {
  const rtl = peer.actor('rtl', { name: '\u202egnp.exe \u2066x', preferredUsername: 'rtl' });
  const html = await page(`/@rtl@${encodeURIComponent(peer.host)}`);
  expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  expect(html).toContain(`<bdi>@${rtl.handle}</bdi>`);
});
