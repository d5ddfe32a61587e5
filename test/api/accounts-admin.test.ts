import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { createResetLink } from '#domain/accounts/reset-link.ts';
import { readSetting } from '#domain/settings.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let owner: Person;
let admin: Person;
let bob: Person;
beforeEach(async () => {
  app = await createTestApp();
  owner = await app.person('ada', 'owner');
  admin = await app.person('max', 'admin');
  bob = await app.person('bob');
});
afterEach(() => app.close());

const post = (as: Person, path: string, form: Record<string, string> = {}) =>
  app.request(path, { as, form });
const act = (as: Person, who: Person, what: string, form: Record<string, string> = {}) =>
  post(as, `/admin/accounts/${who.viewer.id}/${what}`, form);
const rowOf = (who: Person) => findAccount(app.ctx.db, who.viewer.id);
const signIn = (username: string, password: string) =>
  app.request('/sign-in', {
    form: { username, password },
    headers: { 'sec-fetch-site': 'same-origin' },
  });

describe('the admin pages', () => {
  test('open for admins and the owner, and for nobody else', async () => {
    for (const section of ['accounts', 'invites', 'storage', 'settings']) {
      expect((await app.request(`/admin/${section}`, { as: owner })).status).toBe(200);
      expect((await app.request(`/admin/${section}`, { as: admin })).status).toBe(200);
      expect((await app.request(`/admin/${section}`, { as: bob })).status).toBe(403);
      expect((await app.request(`/admin/${section}`)).status).toBe(303);
    }
  });

  test('many people come in pages, newest first, and none is left out', async () => {
    for (let n = 0; n < 130; n += 1) {
      app.ctx.db.run(`INSERT INTO accounts (id, username, role, created_at)
        VALUES (${n + 10}, 'u${n}', 'member', 0)`);
    }
    const seen = new Set<string>();
    let path: string | undefined = '/admin/accounts';
    for (let pages = 0; path !== undefined && pages < 40; pages += 1) {
      const html: string = await (await app.request(path, { as: owner })).text();
      for (const match of html.matchAll(/href="\/@(\w+)"/g)) seen.add(match[1] ?? '');
      path = /href="(\/admin\/accounts\?max_id=\d+)"/.exec(html)?.[1];
    }
    expect(seen.size).toBe(133);
    const middle = await (await app.request('/admin/accounts?max_id=60', { as: owner })).text();
    const newer = /href="(\/admin\/accounts\?min_id=\d+)"/.exec(middle)?.[1] ?? '';
    const back = await (await app.request(newer, { as: owner })).text();
    expect(back).toContain('/@u50"');
    expect(back).not.toContain('/@u49"');
  });

  test('an app of an admin reaches nothing without an admin scope', async () => {
    const form = { role: 'admin' };
    const path = `/admin/accounts/${bob.viewer.id}/role`;
    expect((await app.request(path, { token: owner.token, form })).status).toBe(403);
    expect((await app.request('/admin/accounts', { token: owner.token })).status).toBe(403);
  });

  test('T75: every form refuses another site and a forged token', async () => {
    for (const [path, form] of [
      [`/admin/accounts/${bob.viewer.id}/suspend`, {}],
      [`/admin/accounts/${bob.viewer.id}/delete`, {}],
      [`/admin/accounts/${bob.viewer.id}/role`, { role: 'admin' }],
      [`/admin/accounts/${bob.viewer.id}/quota`, { quota_gb: '1' }],
      [`/admin/accounts/${bob.viewer.id}/reset`, {}],
      ['/admin/invites', { uses: '1', expires: '7d' }],
      ['/admin/settings', { registration: 'open' }],
    ] as [string, Record<string, string>][]) {
      const headers = { cookie: owner.cookie, 'sec-fetch-site': 'same-origin' };
      const forged = await app.request(path, { form: { ...form, csrf: bob.csrf }, headers });
      expect(forged.status).toBe(403);
      const foreign = await app.request(path, {
        as: owner,
        form,
        headers: { 'sec-fetch-site': 'same-site' },
      });
      expect(foreign.status).toBe(403);
    }
    expect(rowOf(bob)).toMatchObject({ role: 'member', suspendedAt: null, deletionAt: null });
    expect(readSetting(app.ctx, 'registration')).toBe('closed');
  });
});

describe('suspending', () => {
  test('ends sessions and tokens at once, and restoring lets the person in again', async () => {
    expect((await act(admin, bob, 'suspend')).status).toBe(303);
    expect((await app.request('/settings/profile', { as: bob })).status).toBe(303);
    const api = () => app.request('/api/v1/accounts/verify_credentials', { token: bob.token });
    expect((await api()).status).toBe(401);
    const refused = await signIn('bob', PASSWORD);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('suspended');
    // Who does not know the password learns nothing of it.
    expect((await signIn('bob', 'wrong password')).status).toBe(422);
    expect((await act(admin, bob, 'restore')).status).toBe(303);
    expect((await api()).status).toBe(200);
    expect((await signIn('bob', PASSWORD)).status).toBe(303);
    // The old session stays ended.
    expect((await app.request('/settings/profile', { as: bob })).status).toBe(303);
  });

  test('hides the profile from everybody', async () => {
    expect((await app.request(`/api/v1/accounts/${bob.viewer.id}/statuses`)).status).toBe(200);
    await act(admin, bob, 'suspend');
    const body = await (await app.request(`/api/v1/accounts/${bob.viewer.id}/statuses`)).text();
    expect(['[]', '{"error":"Record not found"}']).toContain(body);
  });

  test('nobody reaches the owner, an admin no other admin, and nobody themselves', async () => {
    const other = await app.person('eve', 'admin');
    for (const what of ['suspend', 'delete']) {
      expect((await act(admin, owner, what)).status).toBe(403);
      expect((await act(owner, owner, what)).status).toBe(409);
      expect((await act(admin, other, what)).status).toBe(403);
      expect((await act(admin, admin, what)).status).toBe(409);
    }
    expect((await act(admin, owner, 'reset')).status).toBe(403);
    expect((await act(admin, other, 'reset')).status).toBe(403);
    expect((await act(admin, owner, 'quota', { quota_gb: '1' })).status).toBe(403);
    for (const who of [owner, admin, other]) {
      expect(rowOf(who)).toMatchObject({ suspendedAt: null, deletionAt: null });
    }
    expect((await act(owner, other, 'suspend')).status).toBe(303);
  });
});

describe('roles', () => {
  test('only the owner gives them', async () => {
    expect((await act(admin, bob, 'role', { role: 'admin' })).status).toBe(403);
    expect((await act(owner, bob, 'role', { role: 'king' })).status).toBe(422);
    expect((await act(owner, bob, 'role', { role: 'admin' })).status).toBe(303);
    expect(rowOf(bob)?.role).toBe('admin');
    expect((await act(owner, bob, 'role', { role: 'member' })).status).toBe(303);
    expect((await app.request('/admin/accounts', { as: bob })).status).toBe(403);
  });

  test('the place changes hands in one step, and there is always one owner', async () => {
    expect((await act(owner, owner, 'role', { role: 'member' })).status).toBe(409);
    expect((await act(owner, bob, 'role', { role: 'owner' })).status).toBe(303);
    expect(rowOf(owner)?.role).toBe('admin');
    expect(rowOf(bob)?.role).toBe('owner');
    expect((await act(owner, bob, 'suspend')).status).toBe(403);
    expect((await act(owner, owner, 'role', { role: 'owner' })).status).toBe(403);
  });

  test('nobody who is suspended becomes the owner', async () => {
    await act(owner, bob, 'suspend');
    expect((await act(owner, bob, 'role', { role: 'owner' })).status).toBe(409);
    expect(rowOf(owner)?.role).toBe('owner');
  });
});

describe('a storage limit', () => {
  test('is set in gigabytes, nothing means none', async () => {
    expect((await act(admin, bob, 'quota', { quota_gb: '0,5' })).status).toBe(303);
    expect(readMeter(app.ctx, bob.viewer.id).quotaBytes).toBe(500_000_000);
    expect((await act(admin, bob, 'quota', { quota_gb: '' })).status).toBe(303);
    expect(readMeter(app.ctx, bob.viewer.id).quotaBytes).toBe(null);
    for (const quota_gb of ['-1', '0', 'much', '1e9', '99999999']) {
      expect((await act(admin, bob, 'quota', { quota_gb })).status).toBe(422);
    }
  });
});

describe('a forgotten password', () => {
  test('is replaced once with a link that an admin makes, and all sessions end', async () => {
    const made = await act(admin, bob, 'reset');
    expect(made.status).toBe(200);
    const path = /\/reset\/[a-z2-7]{42}/.exec(await made.text())?.[0] ?? '';
    const page = await app.request(path);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('bob');
    const headers = { 'sec-fetch-site': 'same-origin' };
    const bad = await app.request(path, { form: { password: 'short' }, headers });
    expect(bad.status).toBe(422);
    const form = { password: 'a brand new password' };
    expect((await app.request(path, { form, headers })).headers.get('location')).toBe('/sign-in');
    expect((await app.request('/settings/profile', { as: bob })).status).toBe(303);
    expect((await signIn('bob', 'a brand new password')).status).toBe(303);
    expect((await app.request(path)).status).toBe(410);
    const again = await app.request(path, { form: { password: 'yet another one' }, headers });
    expect(again.status).toBe(410);
  });

  test('is replaced with everything ended that somebody else may hold: sessions, apps and scripts', async () => {
    const api = (person: Person) =>
      app.request('/api/v1/accounts/verify_credentials', { token: person.token });
    const { token } = createResetLink(app.ctx, 'console', bob.viewer.id);
    const page = await (await app.request(`/reset/${token}`)).text();
    expect(page).toContain('apps and scripts lose their access');
    expect((await api(bob)).status).toBe(200);
    const headers = { 'sec-fetch-site': 'same-origin' };
    await app.request(`/reset/${token}`, { form: { password: 'a brand new password' }, headers });
    expect((await api(bob)).status).toBe(401);
    expect((await api(admin)).status).toBe(200);
  });

  test('two requests with one link: one counts', async () => {
    const { token } = createResetLink(app.ctx, 'console', bob.viewer.id);
    const headers = { 'sec-fetch-site': 'same-origin' };
    const answers = await Promise.all(
      ['the first password', 'the other password'].map((password) =>
        app.request(`/reset/${token}`, { form: { password }, headers }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 410]);
  });

  test('a link ends after a day, after five wrong tries, and with the next link', async () => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const use = (token: string) =>
      app.request(`/reset/${token}`, { form: { password: 'a brand new password' }, headers });
    const old = createResetLink(app.ctx, admin.viewer, bob.viewer.id);
    app.clock.advance(24 * 3_600_000 + 1);
    expect((await use(old.token)).status).toBe(410);
    const first = createResetLink(app.ctx, admin.viewer, bob.viewer.id);
    const guessed = createResetLink(app.ctx, admin.viewer, bob.viewer.id);
    expect((await use(first.token)).status).toBe(410);
    for (let n = 0; n < 5; n += 1) await use(`${guessed.token.slice(0, 16)}${'a'.repeat(26)}`);
    expect((await use(guessed.token)).status).toBe(410);
    expect((await signIn('bob', PASSWORD)).status).toBe(303);
  });

  test('who knows no part of a link cannot use up its tries', async () => {
    const { token } = createResetLink(app.ctx, 'console', bob.viewer.id);
    const headers = { 'sec-fetch-site': 'same-origin' };
    for (let n = 0; n < 20; n += 1) {
      await app.request(`/reset/${'a'.repeat(42)}`, { form: { password: 'x' }, headers });
    }
    expect((await app.request(`/reset/${token}`)).status).toBe(200);
  });
});

describe('the settings of the place', () => {
  test('are saved together, and all mistakes are told at once', async () => {
    const good = {
      mode: 'community',
      registration: 'open',
      'instance.name': 'Our town',
      'instance.rules': 'Be kind.\r\nBe brief.',
      'quota.account': '5 GB',
      'posts.require_alt_text': '1',
    };
    expect((await post(owner, '/admin/settings', good)).status).toBe(303);
    expect(readSetting(app.ctx, 'instance.name')).toBe('Our town');
    expect(readSetting(app.ctx, 'instance.rules')).toBe('Be kind.\nBe brief.');
    expect(readSetting(app.ctx, 'quota.account')).toBe(5e9);
    expect(readSetting(app.ctx, 'posts.require_alt_text')).toBe(true);
    const bad = { ...good, 'instance.name': 'x'.repeat(61), 'quota.account': 'lots', mode: 'solo' };
    const refused = await post(owner, '/admin/settings', bad);
    expect(refused.status).toBe(422);
    const html = await refused.text();
    expect(html).toContain('value="lots"');
    expect(html).toContain('x'.repeat(61));
    expect(readSetting(app.ctx, 'mode')).toBe('community');
    await post(owner, '/admin/settings', { 'instance.name': 'Our town' });
    expect(readSetting(app.ctx, 'posts.require_alt_text')).toBe(false);
  });

  test('a field shows a size that reads back as the same bytes', async () => {
    for (const bytes of ['20GB', '1.5 GB', '123456789', '0', '2048']) {
      await post(owner, '/admin/settings', { 'quota.account': bytes });
      const stored = readSetting(app.ctx, 'quota.account');
      const html = await (await app.request('/admin/settings', { as: owner })).text();
      const field = /<input[^>]*name="quota\.account"[^>]*>/.exec(html)?.[0] ?? '';
      const shown = /value="([^"]*)"/.exec(field)?.[1] ?? '';
      await post(owner, '/admin/settings', { 'quota.account': shown });
      expect(readSetting(app.ctx, 'quota.account')).toBe(stored);
    }
  });

  test('work that has given up is tried again by hand', async () => {
    app.ctx.db.run(
      `INSERT INTO jobs (id, kind, payload, state, run_at, attempts, last_error, created_at)
       VALUES (7, 'storage.remove_files', '{}', 'dead', 0, 12, 'disk full', 0)`,
    );
    const page = await (await app.request('/admin/storage', { as: owner })).text();
    expect(page).toContain('disk full');
    expect((await post(owner, '/admin/jobs/7/retry')).status).toBe(303);
    expect((await post(owner, '/admin/jobs/7/retry')).status).toBe(404);
    await app.settle();
    expect(app.ctx.db.query('SELECT count(*) AS n FROM jobs').get()).toEqual({ n: 0 });
  });
});
