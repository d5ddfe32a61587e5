import { afterEach, describe, expect, test } from 'bun:test';
import { createInvite, listInvites } from '#domain/accounts/invites.ts';
import { listAccounts } from '#domain/membership/list-accounts.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let owner: Person;
afterEach(() => app.close());

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const DAY = 86_400_000;
const start = async (registration: string, mode = 'community') => {
  app = await createTestApp({ settings: { registration, mode } });
  owner = await app.person('ada', 'owner');
};
const invite = (uses = 1, expiresIn: number | null = DAY) =>
  createInvite(app.ctx, owner.viewer, { uses, expiresIn, note: 'for the cousins' });
const join = (token: string, username: string, more: Record<string, string> = {}) =>
  app.request(`/join/${token}`, {
    form: { username, email: `${username}@example.org`, password: 'a long enough one', ...more },
    headers: SAME_ORIGIN,
    address: `198.51.100.${username.length}`,
  });
const members = () => listAccounts(app.ctx).filter((account) => account.role === 'member');

describe('joining', () => {
  test('with an invite link makes a member who is signed in', async () => {
    await start('invite', 'family');
    const { token } = invite();
    const page = await app.request(`/join/${token}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('ada');
    const response = await join(token, 'bob');
    expect(response.status).toBe(303);
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith('session='));
    const home = await app.request('/settings/profile', {
      headers: { cookie: cookie?.split(';')[0] ?? '' },
    });
    expect(home.status).toBe(200);
    expect(members().map((account) => account.username)).toEqual(['bob']);
  });

  test('parallel joins never exceed the places of an invite', async () => {
    await start('invite');
    const { token } = invite(3);
    const names = ['b1', 'c22', 'd333', 'e4444', 'f55555', 'g666666'];
    const answers = await Promise.all(names.map((name) => join(token, name)));
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([303, 303, 303, 410, 410, 410]);
    expect(members()).toHaveLength(3);
    expect(listInvites(app.ctx)).toEqual([]);
  });

  test('two people who want the same name at once: one gets it, and no place is lost', async () => {
    await start('invite');
    const { token } = invite(5);
    const answers = await Promise.all([
      join(token, 'bob'),
      join(token, 'BOB', { email: 'other@example.org' }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422]);
    expect(listInvites(app.ctx)[0]?.usesLeft).toBe(4);
  });

  test('is gone with an invite that is used up, too old, taken back or made up', async () => {
    await start('invite');
    const old = invite(1, 1000);
    const back = invite();
    app.clock.advance(2000);
    await app.request(`/admin/invites/${back.id}/revoke`, { as: owner, form: {} });
    for (const token of [old.token, back.token, 'abcdefghijklmnopqrstuvwxyz', 'x'.repeat(5000)]) {
      expect((await app.request(`/join/${token}`)).status).toBe(410);
      expect((await join(token, 'bob')).status).toBe(410);
    }
    expect(members()).toEqual([]);
  });

  test('needs an invite where the setting says so, and is shut where it is closed', async () => {
    await start('invite');
    expect((await join('open', 'bob')).status).toBe(403);
    await app.close();
    await start('closed');
    expect((await join('open', 'bob')).status).toBe(403);
    expect(() => invite()).toThrow('switched off');
  });

  test('is free where registration is open, ten accounts in five minutes from one address', async () => {
    await start('open');
    expect((await app.request('/join')).headers.get('location')).toBe('/join/open');
    expect((await app.request('/join/open')).status).toBe(200);
    const names = 'abcdefghijk'.split('').map((letter) => `${letter}x`);
    const statuses: number[] = [];
    for (const name of names) statuses.push((await join('open', name)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 303), 429]);
  });

  test('says what is wrong with each field and keeps what was typed', async () => {
    await start('open');
    const response = await join('open', 'ADA', { email: 'not an address', password: 'ada' });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain('This name is taken');
    expect(html).toContain('This is not an email address');
    expect(html).toContain('at least 10 characters');
    expect(html).toContain('value="not an address"');
  });

  test('asking whose addresses are known is counted, slips of the hand are not', async () => {
    await start('open');
    const slip = () => join('open', 'bob', { password: 'short' });
    const ask = () => join('open', 'bob', { email: 'ada@example.org' });
    for (let n = 0; n < 15; n += 1) expect((await slip()).status).toBe(422);
    for (let n = 0; n < 10; n += 1) expect((await ask()).status).toBe(422);
    expect((await ask()).status).toBe(429);
  });

  test('the sign-in page shows the way where registration is open', async () => {
    await start('open');
    expect(await (await app.request('/sign-in')).text()).toContain('href="/join/open"');
    await app.close();
    await start('invite');
    expect(await (await app.request('/sign-in')).text()).not.toContain('href="/join/open"');
  });

  test('T75: another site cannot make accounts', async () => {
    await start('open');
    const response = await app.request('/join/open', {
      form: { username: 'bob', email: 'b@example.org', password: 'a long enough one' },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(response.status).toBe(403);
    expect(members()).toEqual([]);
  });
});

describe('invites on the admin page', () => {
  test('the link is shown once and is not stored', async () => {
    await start('invite');
    const form = { uses: '2', expires: '7d', note: 'aunt <b>May</b>' };
    const made = await app.request('/admin/invites', { as: owner, form });
    expect(made.status).toBe(200);
    const token = /\/join\/([a-z2-7]{26})/.exec(await made.text())?.[1] ?? '';
    expect(token).toHaveLength(26);
    const page = await (await app.request('/admin/invites', { as: owner })).text();
    expect(page).not.toContain(token);
    expect(page).toContain('aunt &lt;b>May&lt;/b>');
    const stored = JSON.stringify(app.ctx.db.query('SELECT * FROM invites').all());
    expect(stored).not.toContain(token);
    expect((await app.request(`/join/${token}`)).status).toBe(200);
  });

  test('a mistake brings the form back', async () => {
    await start('invite');
    for (const form of [
      { uses: '0', expires: '7d', note: 'kept' },
      { uses: 'many', expires: '7d', note: 'kept' },
      { uses: '1', expires: 'soon', note: 'kept' },
      { uses: '1', expires: '7d', note: 'kept'.repeat(100) },
    ]) {
      const response = await app.request('/admin/invites', { as: owner, form });
      expect(response.status).toBe(422);
      expect(await response.text()).toContain('kept');
    }
  });

  test('members cannot make any', async () => {
    await start('invite');
    const bob = await app.person('bob');
    const form = { uses: '1', expires: '7d' };
    expect((await app.request('/admin/invites', { as: bob, form })).status).toBe(403);
    expect((await app.request('/admin/invites', { as: bob })).status).toBe(403);
    expect((await app.request('/admin/invites', { form })).status).toBe(303);
  });
});
