import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { makeZip } from '#test/harness/archives.ts';
import { photo, postsOf } from './world.ts';

// Each reading starts a process; a machine with other work takes its time.
setDefaultTimeout(60_000);

let app: TestApp;
let ada: Person;
let eve: Person;
let archive: Buffer;

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.person('ada', 'owner');
  eve = await app.person('eve');
  const posts = [1, 2, 3].map((n) => ({
    media: [
      { uri: `media/posts/${n}.jpg`, creation_timestamp: 1_500_000_000 + n, title: `<b>${n}</b>` },
    ],
  }));
  archive = makeZip([
    { name: 'content/posts_1.json', data: JSON.stringify(posts) },
    { name: 'media/posts/1.jpg', data: await photo(1) },
    { name: 'media/posts/2.jpg', data: await photo(2) },
  ]);
});
afterAll(() => app.close());
afterEach(() => {
  for (const { id } of postsOf(app, ada))
    app.ctx.db.query('DELETE FROM posts WHERE id = ?').run(id);
});

async function form(who: Person, csrf = who.csrf): Promise<Response> {
  const body = new FormData();
  body.set('csrf', csrf);
  body.set('archive', new File([new Uint8Array(archive)], '../../<img>.zip'));
  const headers = { cookie: who.cookie, 'sec-fetch-site': 'same-origin' };
  return await app.request('/settings/import', { method: 'POST', body, headers });
}

test('a form without a script brings an archive, tells what is in it, and takes it in', async () => {
  const sent = await form(ada);
  expect(sent.status).toBe(303);
  const place = sent.headers.get('location') ?? '';
  expect(place).toMatch(/^\/settings\/import\/\d+$/);
  await app.settle();
  const page = await (await app.request(place, { as: ada })).text();
  expect(page).toContain('posts with photos: ready');
  expect(postsOf(app, ada)).toHaveLength(0);
  const started = await app.request(`${place}/start`, {
    as: ada,
    form: { visibility: 'unlisted' },
  });
  expect(started.status).toBe(303);
  await app.settle();
  const done = await (await app.request(place, { as: ada })).text();
  expect(done).toContain('The photo is not in the archive.');
  expect(done).not.toContain('<b>1</b>');
  expect(postsOf(app, ada).map(({ visibility }) => visibility)).toEqual(['unlisted', 'unlisted']);
  const csv = await app.request(`${place}/report.csv`, { as: ada });
  expect(csv.headers.get('content-disposition')).toContain('attachment');
  expect(await csv.text()).toContain('The photo is not in the archive.');
  await app.request(`${place}/undo`, { as: ada, form: {} });
  await app.settle();
  expect(postsOf(app, ada)).toHaveLength(0);
  const files = app.ctx.db.query('SELECT count(*) AS n FROM blobs').get() as { n: number };
  expect(files.n).toBe(0);
});

test('a file comes in pieces, and goes on after a break where it stopped', async () => {
  const begun = await app.request('/settings/import/begin', {
    as: ada,
    json: { name: 'my.zip', bytes: archive.length },
  });
  const { id } = (await begun.json()) as { id: string };
  const put = (offset: number, bytes: Buffer, who = ada) =>
    app.request(`/settings/import/${id}/bytes?offset=${offset}`, {
      ...{ method: 'PUT', as: who, body: new Uint8Array(bytes) },
      headers: { 'content-type': 'application/octet-stream' },
    });
  expect((await put(0, archive.subarray(0, 100))).status).toBe(200);
  expect((await put(0, archive.subarray(0, 100))).status).toBe(409);
  expect((await put(90, archive.subarray(90, 200))).status).toBe(409);
  expect((await put(100, Buffer.alloc(archive.length))).status).toBe(413);
  const state = await (await app.request(`/settings/import/${id}/state`, { as: ada })).json();
  expect(state).toMatchObject({ state: 'uploading', offset: 100, bytes: archive.length });
  expect((await put(100, archive.subarray(100))).status).toBe(200);
  await app.settle();
  const read = await (await app.request(`/settings/import/${id}/state`, { as: ada })).json();
  expect(read).toMatchObject({ state: 'read', total: 3 });
});

test('T97: nobody else sees, feeds or starts an import, and no token does', async () => {
  const sent = await form(ada);
  const place = sent.headers.get('location') ?? '';
  await app.settle();
  for (const path of [place, `${place}/state`, `${place}/report.csv`]) {
    expect((await app.request(path, { as: eve })).status).toBe(404);
    expect((await app.request(path, { token: ada.token })).status).toBe(403);
  }
  for (const act of ['start', 'pause', 'cancel', 'undo']) {
    expect((await app.request(`${place}/${act}`, { as: eve, form: {} })).status).toBe(404);
  }
  expect((await form(eve, ada.csrf)).status).toBe(403);
});

test('an archive that is larger than twice the room that is left is refused before it is sent', async () => {
  const small = await createTestApp({ settings: { 'quota.account': '10MB' } });
  try {
    const bob = await small.person('bob', 'owner');
    const begin = (bytes: number) =>
      small.request('/settings/import/begin', { as: bob, json: { name: 'x', bytes } });
    expect((await begin(2_100_000_000)).status).toBe(413);
    expect((await begin(0)).status).toBe(422);
    expect((await begin(100)).status).toBe(200);
  } finally {
    await small.close();
  }
});
