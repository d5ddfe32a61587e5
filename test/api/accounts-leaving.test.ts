import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { createResetLink } from '#domain/accounts/reset-link.ts';
import { purgeAccount } from '#domain/membership/purge.ts';
import { readInstanceMeter } from '#domain/storage/meter.ts';
import { PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';
import { add, blobFiles, createMediaApp, photo } from '#test/media/world.ts';

const DAY = 86_400_000;
let app: TestApp;
let ada: Person;
let bob: Person;
beforeEach(async () => {
  app = await createMediaApp({ settings: { 'storage.min_free': '0' } });
  ada = await app.person('ada', 'owner');
  bob = await app.person('bob');
});
afterEach(() => app.close());

const post = (as: Person, path: string, form: Record<string, string> = {}) =>
  app.request(path, { as, form });
const publish = async (as: Person, fields: Record<string, unknown> = {}, photos = 1) => {
  const ids: string[] = [];
  for (let n = 0; n < photos; n += 1) {
    ids.push(String((await add(app, as.viewer.id, await photo(64, 48))).id));
  }
  const json = { status: 'Hello #here', media_ids: ids, ...fields };
  const answer = await app.request('/api/v1/statuses', { token: as.token, json });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { id: string };
};
const rows = (table: string) =>
  app.ctx.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
const profile = () => app.request('/@bob', { headers: { accept: 'text/html' } });

describe('leaving', () => {
  test('asks for the password, hides everything at once and says when it is gone', async () => {
    await publish(bob);
    expect((await profile()).status).toBe(200);
    const wrong = await post(bob, '/settings/account/delete', { password: 'not mine' });
    expect(wrong.status).toBe(422);
    expect(findAccount(app.ctx.db, bob.viewer.id)?.deletionAt).toBe(null);
    expect((await post(bob, '/settings/account/delete', { password: PASSWORD })).status).toBe(303);
    expect((await profile()).status).toBe(404);
    const page = await (await app.request('/settings/account', { as: bob })).text();
    const gone = new Date(app.clock.now() + 14 * DAY).toISOString().slice(0, 10);
    expect(page).toContain(gone);
  });

  test('can be called off for fourteen days', async () => {
    await publish(bob);
    await post(bob, '/settings/account/delete', { password: PASSWORD });
    app.clock.advance(13 * DAY);
    await app.settle();
    expect((await post(bob, '/settings/account/keep')).status).toBe(303);
    expect((await profile()).status).toBe(200);
    app.clock.advance(5 * DAY);
    await app.settle();
    expect((await profile()).status).toBe(200);
    expect(await blobFiles(app)).not.toEqual([]);
  });

  test('an older date does not count when a person called off and asked again', async () => {
    await post(bob, '/settings/account/delete', { password: PASSWORD });
    app.clock.advance(10 * DAY);
    await post(bob, '/settings/account/keep');
    await post(bob, '/settings/account/delete', { password: PASSWORD });
    app.clock.advance(5 * DAY);
    await app.settle();
    expect(findAccount(app.ctx.db, bob.viewer.id)).not.toBe(null);
    app.clock.advance(10 * DAY);
    await app.settle();
    expect(findAccount(app.ctx.db, bob.viewer.id)).toBe(null);
  });

  test('then everything goes: posts, photos and their files, counters, every row', async () => {
    const keep = await publish(ada, {}, 1);
    const filesOfAda = await blobFiles(app);
    await publish(bob, {}, 2);
    await publish(bob, { status: 'Nice!', media_ids: [], in_reply_to_id: keep.id }, 0);
    await add(app, bob.viewer.id, await photo(64, 48));
    await app.request(`/api/v1/accounts/${ada.viewer.id}/follow`, { token: bob.token, json: {} });
    await app.request(`/api/v1/accounts/${bob.viewer.id}/follow`, { token: ada.token, json: {} });
    createResetLink(app.ctx, 'console', bob.viewer.id);
    expect(findAccount(app.ctx.db, ada.viewer.id)?.followersCount).toBe(1);
    await post(bob, '/settings/account/delete', { password: PASSWORD });
    app.clock.advance(14 * DAY + 1);
    await app.settle();
    await app.settle();
    expect(await blobFiles(app)).toEqual(filesOfAda);
    expect(findAccount(app.ctx.db, ada.viewer.id)).toMatchObject({
      followersCount: 0,
      followingCount: 0,
      postsCount: 1,
    });
    const counts = ['accounts', 'logins', 'preferences', 'posts', 'media', 'usage'].map(rows);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
    expect(['follows', 'one_time_codes', 'doomed_files', 'jobs'].map(rows)).toEqual([0, 0, 0, 0]);
    const status = await app.request(`/api/v1/statuses/${keep.id}`);
    expect(((await status.json()) as { replies_count: number }).replies_count).toBe(0);
    expect(readInstanceMeter(app.ctx).usedBytes).toBeGreaterThan(0);
    expect(app.ctx.db.query('PRAGMA foreign_key_check').all()).toEqual([]);
  });

  test('is finished after an interruption', async () => {
    for (let n = 0; n < 60; n += 1) await publish(bob, { status: `Text ${n}`, media_ids: [] }, 0);
    await post(bob, '/settings/account/delete', { password: PASSWORD });
    app.clock.advance(14 * DAY + 1);
    const stop = AbortSignal.abort();
    const halfway = purgeAccount(app.ctx, { accountId: bob.viewer.id }, stop);
    await expect(halfway).rejects.toThrow();
    const left = rows('posts') ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(60);
    app = await app.reopen();
    await app.settle();
    expect(rows('posts')).toBe(0);
    expect(findAccount(app.ctx.db, bob.viewer.id)).toBe(null);
    await purgeAccount(app.ctx, { accountId: bob.viewer.id });
  });

  test('is not for the owner, who hands the place over first', async () => {
    const refused = await post(ada, '/settings/account/delete', { password: PASSWORD });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('make somebody else the owner first');
    await post(ada, `/admin/accounts/${bob.viewer.id}/role`, { role: 'owner' });
    expect((await post(ada, '/settings/account/delete', { password: PASSWORD })).status).toBe(303);
  });
});

describe('an admin deletes an account', () => {
  test('without days of grace, and it cannot come back', async () => {
    await publish(bob);
    const path = `/admin/accounts/${bob.viewer.id}`;
    expect((await post(ada, `${path}/delete`)).status).toBe(303);
    expect((await profile()).status).toBe(404);
    expect((await app.request('/settings/account', { as: bob })).status).toBe(303);
    expect((await post(ada, `${path}/restore`)).status).toBe(409);
    await app.settle();
    await app.settle();
    expect(findAccount(app.ctx.db, bob.viewer.id)).toBe(null);
    expect(await blobFiles(app)).toEqual([]);
  });
});

describe('the picture of a person', () => {
  const send = (as: Person, file: Blob | null, more: Record<string, string> = {}) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ csrf: as.csrf, ...more })) body.set(name, value);
    if (file) body.set('avatar', file, 'me.jpg');
    const headers = {
      cookie: as.cookie,
      'sec-fetch-site': 'same-origin',
      // Over the network every browser says it; a bare Request does not.
      'content-length': String((file?.size ?? 0) + 1000),
    };
    return app.request('/settings/profile', { body, headers });
  };
  const cookieAfter = (response: Response) =>
    [bob.cookie, ...response.headers.getSetCookie().map((line) => line.split(';')[0])].join('; ');
  const avatar = () => findAccount(app.ctx.db, bob.viewer.id)?.avatarBlob ?? '';

  test('becomes a square that everybody may see, and replaces the one before', async () => {
    const wide = new Blob([new Uint8Array(await photo(900, 500))]);
    expect((await send(bob, wide, { display_name: 'Bob' })).status).toBe(303);
    const first = avatar();
    const file = await app.request(`/media/${first}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('image/jpeg');
    const { sharp } = await import('#test/harness/pictures.ts');
    const meta = await sharp(Buffer.from(await file.arrayBuffer())).metadata();
    expect([meta.width, meta.height, meta.exif]).toEqual([400, 400, undefined]);
    expect(findAccount(app.ctx.db, bob.viewer.id)?.displayName).toBe('Bob');
    await send(bob, new Blob([new Uint8Array(await photo(50, 700))]));
    expect(avatar()).not.toBe(first);
    await app.settle();
    expect(await blobFiles(app)).toEqual([avatar()]);
    await send(bob, null, { avatar_remove: '1' });
    await app.settle();
    expect(avatar()).toBe('');
    expect(await blobFiles(app)).toEqual([]);
    expect(readInstanceMeter(app.ctx).usedBytes).toBe(0);
  });

  test('is refused with a sentence when it is no photo, and the words come back', async () => {
    const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>']);
    const response = await send(bob, svg, { display_name: 'Bobby' });
    expect(response.status).toBe(415);
    const html = await response.text();
    expect(html).toContain('is not a photo');
    expect(html).toContain('value="Bobby"');
    expect(avatar()).toBe('');
    expect(await blobFiles(app)).toEqual([]);
  });

  test('goes with the account', async () => {
    await send(bob, new Blob([new Uint8Array(await photo(100, 100))]));
    await post(ada, `/admin/accounts/${bob.viewer.id}/delete`);
    await app.settle();
    await app.settle();
    expect(await blobFiles(app)).toEqual([]);
  });

  test('a full disk refuses the picture and still saves the words', async () => {
    app.ctx.db.run(`INSERT INTO usage (account_id, original_bytes, quota_bytes)
      VALUES (${bob.viewer.id}, 1000, 1000)`);
    const response = await send(bob, new Blob([new Uint8Array(await photo(300, 200))]), {
      display_name: 'Bobby',
    });
    expect(response.status).toBe(303);
    expect(findAccount(app.ctx.db, bob.viewer.id)?.displayName).toBe('Bobby');
    expect(avatar()).toBe('');
    const page = await app.request('/settings/profile', {
      headers: { cookie: cookieAfter(response) },
    });
    expect(await page.text()).toContain('the picture is not');
  });
});
