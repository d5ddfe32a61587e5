import { afterAll, beforeAll, expect, test } from 'bun:test';
import { renameSync } from 'node:fs';
import { makeArchive } from '#test/archive/world.ts';
import { createFullWorld, type FullWorld } from '#test/harness/full-world.ts';

let world: FullWorld;
let row: Awaited<ReturnType<typeof makeArchive>>;
let path: string;
beforeAll(async () => {
  world = await createFullWorld();
  row = await makeArchive(world.app, world.ben);
  path = `/settings/archive/${row.id}/download`;
}, 60_000);
afterAll(() => world.app.close());

test('T119: an archive is for the session of its owner alone', async () => {
  const { app, ann, ben } = world;
  const own = await app.request(path, { as: ben });
  expect(own.status).toBe(200);
  expect((await own.bytes()).length).toBe(row.bytes ?? 0);
  // The owner of the server is a stranger too.
  const [others, missing] = await Promise.all([
    app.request(path, { as: ann }),
    app.request('/settings/archive/12345/download', { as: ann }),
  ]);
  expect([others.status, missing.status]).toEqual([404, 404]);
  expect(await others.text()).toBe((await missing.text()).replaceAll('12345', String(row.id)));
  const stranger = await app.request(path, { headers: { accept: 'application/json' } });
  expect(stranger.status).toBe(401);
  // An app that may read everything else gets nothing.
  expect((await app.request(path, { token: ben.token })).status).toBe(403);
});

test('T119: an archive whose file is gone says so instead of breaking off', async () => {
  const { app, ben } = world;
  renameSync(row.path, `${row.path}.aside`);
  const parts: Record<string, string>[] = [{}, { range: 'bytes=0-9' }];
  const answers = parts.map((headers) => app.request(path, { as: ben, headers }));
  for (const { status } of await Promise.all(answers)) expect(status).toBe(410);
  renameSync(`${row.path}.aside`, row.path);
});

test('T119: nothing keeps an archive, and its address says nothing', async () => {
  const { app, ben } = world;
  const answer = await app.request(path, { as: ben });
  const { headers } = answer;
  await answer.body?.cancel();
  expect(headers.get('cache-control')).toBe('private, no-store');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('content-type')).toBe('application/zip');
  expect(headers.get('content-security-policy')).toContain('sandbox');
  expect(headers.get('content-disposition')).toMatch(
    /^attachment; filename="tintype-ben-\d{4}-\d\d-\d\d\.zip"$/,
  );
  const page = await (await app.request('/settings/archive', { as: ben })).text();
  expect(page).toContain(path);
  for (const text of [page, JSON.stringify([...headers])])
    expect(text).not.toContain(row.file ?? '?');
});

test('T119: a download that broke off goes on, and only with the same file', async () => {
  const { app, ben } = world;
  const whole = Buffer.from(await (await app.request(path, { as: ben })).bytes());
  const first = await app.request(path, { as: ben, headers: { range: 'bytes=0-999' } });
  const etag = first.headers.get('etag') ?? '';
  expect([first.status, etag.startsWith('"')]).toEqual([206, true]);
  const rest = await app.request(path, {
    as: ben,
    headers: { range: 'bytes=1000-', 'if-range': etag },
  });
  expect(rest.headers.get('content-range')).toBe(`bytes 1000-${whole.length - 1}/${whole.length}`);
  const joined = Buffer.concat([await first.bytes(), await rest.bytes()]);
  expect(Buffer.compare(joined, whole)).toBe(0);
  const other = await app.request(path, {
    as: ben,
    headers: { range: 'bytes=1000-', 'if-range': '"archive-of-somebody"' },
  });
  expect(other.status).toBe(200);
  await other.body?.cancel();
  const beyond = await app.request(path, { as: ben, headers: { range: 'bytes=99999999-' } });
  expect(beyond.status).toBe(416);
});

test('T119: only the owner stops and removes an archive, and not by a link from elsewhere', async () => {
  const { app, ann, ben } = world;
  const remove = `/settings/archive/${row.id}/remove`;
  expect((await app.request(remove, { as: ann, form: {} })).status).toBe(404);
  const forged = await app.request(remove, {
    as: ben,
    form: {},
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  });
  expect(forged.status).toBe(403);
  expect((await app.request(path, { as: ben })).status).toBe(200);
});

test('T119: an archive ends with its day, with its session, and with its account', async () => {
  const { app, ben } = world;
  app.clock.advance(7 * 86_400_000 + 1000);
  const later = await app.request(path, { as: ben });
  expect(later.status).toBe(410);
  expect(await later.text()).toContain('Ask for a new one');
  const page = await (await app.request('/settings/archive', { as: ben })).text();
  expect(page).not.toContain(path);
});
