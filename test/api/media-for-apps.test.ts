import { afterAll, beforeAll, expect, test } from 'bun:test';
import { revokeToken } from '#domain/accounts/tokens.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createMediaApp, photo } from '#test/media/world.ts';

let app: TestApp;
let family: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createMediaApp({ settings: { mode: 'community' } });
  family = await createMediaApp({ settings: { mode: 'family' } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
});
afterAll(async () => {
  await app.close();
  await family.close();
});

async function publish(to: TestApp, who: Person, visibility: string): Promise<StatusJson> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await photo(120, 90))]), 'a.jpg');
  const upload = await to.request('/api/v2/media', { token: who.token, body: form });
  const { id } = (await upload.json()) as { id: string };
  const json = { status: 'x', media_ids: [id], visibility };
  return (await (
    await to.request('/api/v1/statuses', { token: who.token, json })
  ).json()) as StatusJson;
}

async function photoOf(to: TestApp, who: Person, id: string): Promise<string> {
  const answer = await to.request(`/api/v1/statuses/${id}`, { token: who.token });
  const json = (await answer.json()) as StatusJson;
  return new URL(json.media_attachments[0]?.url ?? '').pathname;
}
const statusOf = async (to: TestApp, path: string) => (await to.request(path)).status;
const plain = (path: string) => path.replace(/^\/media\/as\/[^/]+\//, '/media/');

test('a public photo has the same address for everybody', async () => {
  const made = await publish(app, ann, 'public');
  const path = await photoOf(app, bob, made.id);
  expect(path).not.toContain('/as/');
  expect(await statusOf(app, path)).toBe(200);
});

test('an app loads what is for followers without its token, until the follow ends', async () => {
  const made = await publish(app, ann, 'private');
  const path = await photoOf(app, bob, made.id);
  expect(path).toStartWith('/media/as/');
  const answer = await app.request(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toStartWith('private');
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(await statusOf(app, plain(path))).toBe(404);
  unfollowAccount(app.ctx, bob.viewer, ann.viewer.id);
  expect(await statusOf(app, path)).toBe(404);
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
  expect(await statusOf(app, path)).toBe(200);
});

test('T64: a key opens nothing that its person may not see, and no forged one opens anything', async () => {
  const own = await publish(app, bob, 'private');
  const secret = await publish(app, ann, 'direct');
  const key = (await photoOf(app, bob, own.id)).split('/')[3] ?? '';
  const hidden = plain(await photoOf(app, ann, secret.id)).slice('/media/'.length);
  expect(await statusOf(app, `/media/as/${key}/${hidden}`)).toBe(404);
  const good = await photoOf(app, bob, own.id);
  const [id = '', signature = ''] = key.split('-');
  for (const forged of [
    `${Number(id) + 1}-${signature}`,
    `${id}-${'A'.repeat(22)}`,
    `${id}-`,
    `${key}/as/${key}`,
    '-',
  ]) {
    expect(await statusOf(app, good.replace(key, forged))).toBe(404);
  }
});

test('the key ends with the token', async () => {
  const made = await publish(app, ann, 'private');
  const path = await photoOf(app, bob, made.id);
  expect(await statusOf(app, path)).toBe(200);
  const tokenId = Number(path.split('/')[3]?.split('-')[0]);
  expect(revokeToken(app.ctx, bob.viewer, tokenId)).toBe(true);
  expect(await statusOf(app, path)).toBe(404);
});

test('in a family every picture that an app gets bears a key, and nothing without one opens', async () => {
  const eve = await family.person('eve', 'owner');
  const made = await publish(family, eve, 'public');
  const path = await photoOf(family, eve, made.id);
  expect(path).toStartWith('/media/as/');
  expect(await statusOf(family, path)).toBe(200);
  expect(await statusOf(family, plain(path))).toBe(404);
});

test('lists and single posts name the same addresses', async () => {
  const eve = await family.person('ivo');
  const made = await publish(family, eve, 'public');
  const list = await family.request('/api/v1/timelines/public', { token: eve.token });
  expect(list.status).toBe(200);
  const [first] = (await list.json()) as StatusJson[];
  const path = new URL(first?.media_attachments[0]?.url ?? '').pathname;
  expect(path).toBe(await photoOf(family, eve, made.id));
});
