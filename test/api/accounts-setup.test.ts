import { afterEach, describe, expect, test } from 'bun:test';
import { createSetupCode } from '#domain/accounts/setup-code.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { listAccounts } from '#domain/membership/list-accounts.ts';
import { readSetting } from '#domain/settings.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
afterEach(() => app.close());

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const OWNER = {
  username: 'ada',
  email: 'ada@example.org',
  password: 'correct horse battery',
  mode: 'solo',
  instance_name: 'Our photos',
};
const setUp = (form: Record<string, string>) =>
  app.request('/setup', { form: { ...OWNER, ...form }, headers: SAME_ORIGIN });
const owners = () => listAccounts(app.ctx).filter((account) => account.role === 'owner');

describe('set-up', () => {
  test('makes the owner, signs them in and applies the preset', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    const page = await app.request(`/setup?code=${code}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(`value="${code}"`);
    const done = await setUp({ code, mode: 'family' });
    expect(done.status).toBe(303);
    expect(done.headers.get('location')).toBe('/');
    expect(done.headers.getSetCookie().some((line) => line.startsWith('session='))).toBe(true);
    expect(owners().map((account) => account.username)).toEqual(['ada']);
    const cookie = done.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const home = await (await app.request('/', { headers: { cookie } })).text();
    const fingerprint = fingerprintOf(readBackupKey(app.ctx.files).publicKey);
    expect(home).toContain(`backups are signed with the key ${fingerprint}`);
    expect(readSetting(app.ctx, 'mode')).toBe('family');
    expect(readSetting(app.ctx, 'registration')).toBe('invite');
    expect(readSetting(app.ctx, 'quota.account')).toBe(20_000_000_000);
    expect(readSetting(app.ctx, 'instance.name')).toBe('Our photos');
  });

  test('presets differ in who may join, storage and rules', async () => {
    const seen: unknown[] = [];
    for (const mode of ['solo', 'community']) {
      app = await createTestApp();
      await setUp({ code: createSetupCode(app.ctx).code, mode });
      const keys = ['mode', 'registration', 'quota.account'] as const;
      seen.push(keys.map((key) => readSetting(app.ctx, key)));
      expect(readSetting(app.ctx, 'instance.rules') !== '').toBe(mode === 'community');
      if (mode === 'solo') await app.close();
    }
    expect(seen).toEqual([
      ['solo', 'closed', 0],
      ['community', 'invite', 5_000_000_000],
    ]);
  });

  test('a mode that was pinned at the start wins over the wizard', async () => {
    app = await createTestApp({ settings: { mode: 'family' } });
    await setUp({ code: createSetupCode(app.ctx).code, mode: 'solo' });
    expect(readSetting(app.ctx, 'mode')).toBe('family');
    expect(readSetting(app.ctx, 'registration')).toBe('invite');
  });

  test('takes the code as people type it', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    const done = await setUp({ code: ` ${code.toUpperCase().replaceAll('-', ' ')} ` });
    expect(done.status).toBe(303);
  });

  test('a mistake brings the form back with what was typed, costs no try and says what is wrong', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    for (let n = 0; n < 7; n += 1) {
      const again = await setUp({ code, password: 'short', username: 'new name' });
      expect(again.status).toBe(422);
      const html = await again.text();
      expect(html).toContain('value="Our photos"');
      expect(html).toContain('value="new name"');
      expect(html).toContain('at least 10 characters');
      expect(html).not.toContain('value="short"');
    }
    expect((await setUp({ code })).status).toBe(303);
  });

  test('T96: needs the code, and five wrong ones end it', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    expect((await setUp({ code: '' })).status).toBe(403);
    for (let n = 0; n < 4; n += 1) expect((await setUp({ code: `wrong-${n}` })).status).toBe(403);
    const late = await setUp({ code });
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('setup-link');
    expect(owners()).toEqual([]);
    expect((await setUp({ code: createSetupCode(app.ctx).code })).status).toBe(303);
  });

  test('T96: parallel guesses are five at most', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    await Promise.all(Array.from({ length: 20 }, (_, n) => setUp({ code: `guess-${n}` })));
    expect((await setUp({ code })).status).toBe(403);
  });

  test('T96: a code lives thirty minutes, and only the newest counts', async () => {
    app = await createTestApp();
    const first = createSetupCode(app.ctx);
    const second = createSetupCode(app.ctx);
    expect((await setUp({ code: first.code })).status).toBe(403);
    app.clock.advance(30 * 60_000 + 1);
    expect((await setUp({ code: second.code })).status).toBe(403);
    expect(owners()).toEqual([]);
  });

  test('T96: of two clients with the same code one wins', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    const names = ['ada', 'eve', 'bob'];
    const answers = await Promise.all(
      names.map((username) => setUp({ code, username, email: `${username}@example.org` })),
    );
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([303, 410, 410]);
    expect(owners()).toHaveLength(1);
    expect(listAccounts(app.ctx)).toHaveLength(1);
  });

  test('T96: stays closed afterwards, also after a restart and when the owner is gone', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    await setUp({ code });
    const closed = async () => {
      expect((await app.request('/setup')).status).toBe(410);
      expect((await app.request(`/setup?code=${code}`)).status).toBe(410);
      expect((await setUp({ code, username: 'eve', email: 'eve@example.org' })).status).toBe(410);
      expect(() => createSetupCode(app.ctx)).toThrow('set up already');
    };
    await closed();
    app = await app.reopen();
    await closed();
    app.ctx.db.run('DELETE FROM accounts');
    app = await app.reopen();
    await closed();
  });

  test('T96: a code outlives a restart, and so do the tries that were spent', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    for (let n = 0; n < 4; n += 1) await setUp({ code: `wrong-${n}` });
    app = await app.reopen();
    await setUp({ code: 'wrong again' });
    expect((await setUp({ code })).status).toBe(403);
  });

  test('T96: looking at links guesses nothing', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    for (let n = 0; n < 10; n += 1) {
      const html = await (await app.request(`/setup?code=guess${n}`)).text();
      expect(html).not.toContain(`value="guess${n}"`);
    }
    expect((await app.request(`/setup?code=${code}`)).status).toBe(429);
  });

  test('T75: another site cannot send the wizard', async () => {
    app = await createTestApp();
    const { code } = createSetupCode(app.ctx);
    const headers = { origin: 'https://evil.example' };
    const refused = await app.request('/setup', { form: { ...OWNER, code }, headers });
    expect(refused.status).toBe(403);
    expect(owners()).toEqual([]);
  });

  test('nobody can join before there is an owner', async () => {
    app = await createTestApp({ settings: { registration: 'open' } });
    const response = await app.request('/join/open', { form: OWNER, headers: SAME_ORIGIN });
    expect(response.headers.get('location')).toBe('/setup');
    expect(listAccounts(app.ctx)).toEqual([]);
  });
});
