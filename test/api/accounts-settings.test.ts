import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { readFields } from '#domain/accounts/profile.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { startSession } from '#domain/accounts/sessions.ts';
import { createToken, listTokens } from '#domain/accounts/tokens.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let ada: Person;
let bob: Person;
beforeEach(async () => {
  app = await createTestApp();
  ada = await app.person('ada', 'owner');
  bob = await app.person('bob');
});
afterEach(() => app.close());

const post = (as: Person, path: string, form: Record<string, string> = {}) =>
  app.request(path, { as, form });
const opens = async (cookie: string) =>
  (await app.request('/settings/profile', { headers: { cookie } })).status === 200;
const signIn = (password: string) =>
  app.request('/sign-in', {
    form: { username: 'bob', password },
    headers: { 'sec-fetch-site': 'same-origin' },
    address: '203.0.113.77',
  });

describe('the pages of the settings', () => {
  test('open for people who are signed in, and lead strangers to the sign-in', async () => {
    for (const section of ['profile', 'posting', 'storage', 'security', 'account']) {
      const page = await app.request(`/settings/${section}`, { as: bob });
      expect(page.status).toBe(200);
      expect(page.headers.get('cache-control')).toContain('no-store');
      const away = await app.request(`/settings/${section}`);
      expect(away.headers.get('location')).toBe(
        `/sign-in?next=${encodeURIComponent(`/settings/${section}`)}`,
      );
    }
    expect((await app.request('/settings', { as: bob })).status).toBe(303);
  });

  test('T75: every form refuses another site and a missing or foreign token', async () => {
    const token = createToken(app.ctx, bob.viewer.id, 'phone', 'read');
    const tokenId = listTokens(app.ctx, bob.viewer.id)[0]?.id;
    expect(token).not.toBe('');
    const before = findAccount(app.ctx.db, bob.viewer.id);
    for (const path of [
      '/settings/profile',
      '/settings/posting',
      '/settings/security/password',
      '/settings/sessions/end-others',
      `/settings/tokens/${tokenId}/revoke`,
      '/settings/account/delete',
      '/settings/account/keep',
    ]) {
      const form = { display_name: 'Evil', password: PASSWORD, current_password: PASSWORD };
      const foreign = await app.request(path, {
        as: bob,
        form,
        headers: { 'sec-fetch-site': 'cross-site' },
      });
      expect(foreign.status).toBe(403);
      for (const csrf of ['', ada.csrf]) {
        const headers = { cookie: bob.cookie, 'sec-fetch-site': 'same-origin' };
        const forged = await app.request(path, { form: { ...form, csrf }, headers });
        expect(forged.status).toBe(403);
      }
      // A JSON disguised as text, as a form of another site can send it.
      const text = await app.request(path, {
        body: JSON.stringify(form),
        headers: { cookie: bob.cookie, 'content-type': 'text/plain' },
      });
      expect(text.status).toBeGreaterThanOrEqual(400);
    }
    expect(findAccount(app.ctx.db, bob.viewer.id)).toEqual(before);
    expect(listTokens(app.ctx, bob.viewer.id)).toHaveLength(2);
    expect(await opens(bob.cookie)).toBe(true);
  });

  test('looking changes nothing', async () => {
    for (const path of ['/settings/account/keep', '/settings/sessions/end-others', '/sign-out']) {
      expect((await app.request(path, { as: bob })).status).toBe(404);
    }
  });
});

describe('the profile', () => {
  test('is saved from the form and shown again', async () => {
    const response = await post(bob, '/settings/profile', {
      display_name: '  Bob\u202e <i>Miller</i>\n',
      note: 'Line one\r\nLine two\u0007',
      website: 'photos.example',
      location: 'Bern',
      pronouns: 'he/him',
      field_name_1: 'Camera',
      field_value_1: 'a Nikon D70, still',
      field_name_3: '',
      field_value_3: '',
      locked: '1',
      noindex: '1',
      shape: 'natural',
      theme: 'dark',
    });
    expect(response.status).toBe(303);
    const row = findAccount(app.ctx.db, bob.viewer.id);
    expect(row).toMatchObject({
      displayName: 'Bob <i>Miller</i>',
      bio: 'Line one\nLine two',
      website: 'https://photos.example/',
      location: 'Bern',
      pronouns: 'he/him',
      locked: 1,
      noindex: 1,
    });
    expect(row && readFields(row)).toEqual([{ name: 'Camera', value: 'a Nikon D70, still' }]);
    const preferences = readPreferences(app.ctx.db, bob.viewer.id);
    expect(preferences).toMatchObject({ profileShape: 'natural', theme: 'dark' });
    const page = await (await app.request('/settings/profile', { as: bob })).text();
    expect(page).toContain('a Nikon D70, still');
    const json = await (await app.request(`/api/v1/accounts/${bob.viewer.id}`)).json();
    expect(json).toMatchObject({ location: 'Bern', pronouns: ['he/him'], noindex: true });
    expect(json).toHaveProperty('fields.1.value', 'a Nikon D70, still');
    expect(page).not.toContain('<i>Miller');
    await post(bob, '/settings/profile', { display_name: 'Bob' });
    expect(findAccount(app.ctx.db, bob.viewer.id)).toMatchObject({ locked: 0, website: '' });
  });

  test('is saved from a multipart form without a picture', async () => {
    const body = new FormData();
    body.set('csrf', bob.csrf);
    body.set('display_name', 'Robert');
    body.set('avatar', new File([], ''));
    const headers = { cookie: bob.cookie, 'sec-fetch-site': 'same-origin' };
    expect((await app.request('/settings/profile', { body, headers })).status).toBe(303);
    expect(findAccount(app.ctx.db, bob.viewer.id)?.displayName).toBe('Robert');
    body.set('csrf', 'forged');
    expect((await app.request('/settings/profile', { body, headers })).status).toBe(403);
  });

  test('a mistake brings everything back as it was typed', async () => {
    for (const [name, value] of [
      ['display_name', 'x'.repeat(61)],
      ['note', 'x'.repeat(501)],
      ['website', 'javascript:alert(1)'],
      ['website', 'https://user:secret@example.org'],
      ['website', 'ftp://example.org'],
      ['location', 'x'.repeat(101)],
      ['field_value_2', 'x'.repeat(256)],
    ] as const) {
      const form = { display_name: 'Bob', field_name_1: 'a', field_name_2: 'b', [name]: value };
      const response = await post(bob, '/settings/profile', form);
      expect(response.status).toBe(422);
      expect(await response.text()).toContain(`${value}`);
    }
    expect(findAccount(app.ctx.db, bob.viewer.id)?.displayName).toBe('');
  });
});

describe('posting', () => {
  test('each camera fact is shown or hidden on its own', async () => {
    const response = await post(bob, '/settings/posting', {
      default_visibility: 'followers',
      default_licence: 'cc-by-4.0',
      show_iso: '1',
      show_aperture: '1',
      require_alt: '1',
    });
    expect(response.status).toBe(303);
    expect(readPreferences(app.ctx.db, bob.viewer.id)).toMatchObject({
      defaultVisibility: 'followers',
      defaultLicence: 'cc-by-4.0',
      keepOriginals: false,
      showIso: true,
      showAperture: true,
      showExposure: false,
      showCamera: false,
      requireAltText: true,
    });
    const composer = await app.request('/compose', { headers: { cookie: bob.cookie } });
    expect(await composer.text()).toContain('"requireAltText":true');
  });

  test('refuses what is not on the lists', async () => {
    for (const form of [
      { default_visibility: 'everyone', default_licence: 'cc0-1.0' },
      { default_visibility: '__proto__', default_licence: 'cc0-1.0' },
      { default_visibility: 'public', default_licence: 'mine' },
    ]) {
      expect((await post(bob, '/settings/posting', form)).status).toBe(422);
    }
    expect(readPreferences(app.ctx.db, bob.viewer.id).keepOriginals).toBe(true);
  });
});

describe('the password', () => {
  test('a change ends all other sessions and keeps this one', async () => {
    const other = await startSession(app.ctx, bob.viewer.id, 'Firefox');
    const response = await post(bob, '/settings/security/password', {
      current_password: PASSWORD,
      password: 'something quite new',
    });
    expect(response.status).toBe(303);
    expect(await opens(bob.cookie)).toBe(true);
    expect(await opens(`session=${other.id}`)).toBe(false);
    expect((await signIn(PASSWORD)).status).toBe(422);
    expect((await signIn('something quite new')).status).toBe(303);
  });

  test('is not changed without the old one, nor to a bad one, and nothing typed comes back', async () => {
    for (const [current, password, sentence] of [
      ['not mine at all', 'something quite new', 'That is not your password'],
      [PASSWORD, 'short', 'at least 10 characters'],
      [PASSWORD, 'bob@example.org', 'first thing that anybody would try'],
      [PASSWORD, 'aaaaaaaaaaaaaa', 'guessed at once'],
    ] as const) {
      const form = { current_password: current, password };
      const response = await post(bob, '/settings/security/password', form);
      expect(response.status).toBe(422);
      const html = await response.text();
      expect(html).toContain(sentence);
      for (const field of html.match(/<input[^>]*type="password"[^>]*>/g) ?? ['none']) {
        expect(field).not.toContain('value=');
      }
    }
    expect((await signIn(PASSWORD)).status).toBe(303);
  });

  test('cannot be guessed from a borrowed session either', async () => {
    const guess = () =>
      post(bob, '/settings/security/password', {
        current_password: 'no',
        password: 'x'.repeat(12),
      });
    for (let n = 0; n < 10; n += 1) await guess();
    expect((await guess()).status).toBe(429);
  });
});

describe('the email address', () => {
  test('changes with the password, unless somebody else has it', async () => {
    const change = (email: string, email_password: string) =>
      post(bob, '/settings/security/email', { email, email_password });
    expect((await change('bob@new.example', 'not mine')).status).toBe(422);
    const taken = await change('ADA@example.org', PASSWORD);
    expect(taken.status).toBe(422);
    const html = await taken.text();
    expect(html).toContain('There is an account with this address already');
    expect(html).toContain('value="ADA@example.org"');
    expect((await change('no address', PASSWORD)).status).toBe(422);
    expect((await change(' bob@new.example ', PASSWORD)).status).toBe(303);
    const form = { username: 'bob@new.example', password: PASSWORD };
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect((await app.request('/sign-in', { form, headers })).status).toBe(303);
  });
});

describe('sessions and tokens', () => {
  test('are listed with a name for the device, and end one by one or all others at once', async () => {
    const phone = await startSession(
      app.ctx,
      bob.viewer.id,
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604',
    );
    const tablet = await startSession(
      app.ctx,
      bob.viewer.id,
      'Mozilla/5.0 (Android 15) Firefox/140',
    );
    const page = await (await app.request('/settings/security', { as: bob })).text();
    expect(page).toContain('Safari on iPhone');
    expect(page).toContain('Firefox on Android');
    expect(page).not.toContain(phone.id);
    const ids = [...page.matchAll(/\/settings\/sessions\/([0-9a-f]{64})\/end/g)].map(
      (match) => match[1] ?? '',
    );
    expect(ids).toHaveLength(2);
    // Somebody else cannot end them.
    expect((await post(ada, `/settings/sessions/${ids[0]}/end`)).status).toBe(404);
    expect((await post(bob, `/settings/sessions/${ids[0]}/end`)).status).toBe(303);
    expect(
      [await opens(`session=${phone.id}`), await opens(`session=${tablet.id}`)].sort(),
    ).toEqual([false, true]);
    expect((await post(bob, '/settings/sessions/end-others')).status).toBe(303);
    expect(await opens(`session=${tablet.id}`)).toBe(false);
    expect(await opens(bob.cookie)).toBe(true);
  });

  test('a new password leaves apps their access, says so, and leads to where it is taken back', async () => {
    const form = { current_password: PASSWORD, password: 'a brand new password' };
    expect((await post(bob, '/settings/security/password', form)).status).toBe(303);
    const api = await app.request('/api/v1/accounts/verify_credentials', { token: bob.token });
    expect(api.status).toBe(200);
    const page = await (await app.request('/settings/security', { as: bob })).text();
    expect(page).toContain('Apps and scripts keep their access');
    expect(page).toContain('/settings/tokens/');
  });

  test('a token is taken back by its owner only', async () => {
    const id = listTokens(app.ctx, bob.viewer.id)[0]?.id;
    expect((await post(ada, `/settings/tokens/${id}/revoke`)).status).toBe(404);
    expect((await post(bob, `/settings/tokens/${id}/revoke`)).status).toBe(303);
    expect(listTokens(app.ctx, bob.viewer.id)).toEqual([]);
  });

  test('an app with a token cannot touch passwords, sessions and tokens, nor delete the account', async () => {
    const { token } = bob;
    for (const path of [
      '/settings/security/password',
      '/settings/security/email',
      '/settings/sessions/end-others',
      '/settings/account/delete',
      '/settings/account/keep',
    ]) {
      const form = { current_password: PASSWORD, password: PASSWORD };
      expect((await app.request(path, { token, form })).status).toBe(403);
    }
    expect((await app.request('/settings/security', { token })).status).toBe(403);
    expect(await opens(bob.cookie)).toBe(true);
  });
});
