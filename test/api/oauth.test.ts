import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createTestApp } from '#test/harness/app.ts';
import { codeOf, registerApp, type TestClient } from './oauth-client.ts';

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp({ config: { rates: false, origin: 'https://photos.example.org' } });
  const person = await app.person('ann', 'owner');
  ann = { ...person, cookie: `__Host-${person.cookie}` };
});
afterAll(() => app.close());

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const REDIRECT = 'https://client.example/back';

describe('an app registers', () => {
  const forms: Record<string, () => BodyInit> = {
    'as a form': () =>
      new URLSearchParams({
        client_name: 'Tusky',
        redirect_uris: `${REDIRECT}\noauth2redirect://tusky`,
        scopes: 'read write follow push',
        website: 'https://tusky.app',
      }),
    'as multipart, as the Pixelfed app does': () => {
      const form = new FormData();
      form.append('client_name', 'Tusky');
      form.append('redirect_uris', `${REDIRECT}\noauth2redirect://tusky`);
      form.append('scopes', 'read write follow push');
      form.append('website', 'https://tusky.app');
      return form;
    },
    'as JSON with a list': () =>
      new Blob(
        [
          JSON.stringify({
            client_name: 'Tusky',
            redirect_uris: [REDIRECT, 'oauth2redirect://tusky'],
            scopes: 'read write follow push',
            website: 'https://tusky.app',
          }),
        ],
        { type: 'application/json' },
      ),
    'as JSON with one text': () =>
      new Blob(
        [
          JSON.stringify({
            client_name: 'Tusky',
            redirect_uris: `${REDIRECT}\noauth2redirect://tusky`,
            scopes: 'read write follow push',
            website: 'https://tusky.app',
          }),
        ],
        { type: 'application/json' },
      ),
  };
  for (const [how, body] of Object.entries(forms)) {
    test(how, async () => {
      // megalodon sends an Authorization header that means nothing.
      const answer = await app.request('/api/v1/apps', { body: body(), token: 'undefined' });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const said = await json(answer);
      expect(said).toMatchObject({
        name: 'Tusky',
        website: 'https://tusky.app',
        scopes: ['read', 'write', 'follow', 'push'],
        redirect_uris: [REDIRECT, 'oauth2redirect://tusky'],
        redirect_uri: `${REDIRECT}\noauth2redirect://tusky`,
        vapid_key: expect.any(String),
        client_secret_expires_at: 0,
      });
      for (const key of ['id', 'client_id', 'client_secret']) {
        expect(typeof said[key]).toBe('string');
        expect(said[key]).not.toBe('');
      }
      const stored = JSON.stringify(app.ctx.db.query('SELECT * FROM oauth_apps').all());
      expect(stored).not.toContain(String(said.client_secret));
    });
  }

  test('in the query of an empty JSON request, with scopes that default to read', async () => {
    const query = new URLSearchParams({ client_name: 'X', redirect_uris: REDIRECT });
    const answer = await app.request(`/api/v1/apps?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(await json(answer)).toMatchObject({ scopes: ['read'], website: null });
  });

  test('and is told what is missing or wrong', async () => {
    const right = { client_name: 'X', redirect_uris: REDIRECT, scopes: 'read' };
    const wrong = [
      { ...right, client_name: '' },
      { ...right, client_name: ' \u202e ' },
      { ...right, redirect_uris: '' },
      { ...right, redirect_uris: 'not an address' },
      { ...right, scopes: 'admin' },
      { ...right, scopes: 'read everything' },
    ];
    for (const body of wrong) {
      const answer = await app.request('/api/v1/apps', { json: body });
      expect(answer.status).toBe(422);
      expect(typeof (await json(answer)).error).toBe('string');
    }
    const answer = await app.request('/api/v1/apps', {
      json: { ...right, redirect_uris: 'nothing' },
    });
    expect(await json(answer)).toEqual({
      error: 'Validation failed: Redirect URI must be an absolute URI.',
    });
  });

  test('thirty times in ten minutes from one address, then it waits', async () => {
    const limited = await createTestApp();
    await limited.person('ann', 'owner');
    const one = () =>
      limited.request('/api/v1/apps', {
        json: { client_name: 'X', redirect_uris: 'x://y' },
        address: '203.0.113.9',
      });
    for (let n = 0; n < 30; n += 1) expect((await one()).status).toBe(200);
    const refused = await one();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).not.toBe(null);
    limited.clock.advance(60_000);
    expect((await one()).status).toBe(200);
    await limited.close();
  });
});

describe('a person lets an app in', () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await registerApp(app, { redirect: REDIRECT, scopes: 'read write follow push' });
  });

  test('signs in first, and comes back to the question as it was asked', async () => {
    const path = `/oauth/authorize?${client.question({ state: 'a b&c', force_login: 'true' })}`;
    const answer = await app.request(path);
    expect(answer.status).toBe(303);
    const location = answer.headers.get('location') ?? '';
    expect(location).toStartWith('/sign-in?next=%2Foauth%2Fauthorize%3F');
    const next = new URLSearchParams(location.slice(location.indexOf('?'))).get('next') ?? '';
    expect(new URLSearchParams(next.slice(next.indexOf('?'))).get('state')).toBe('a b&c');
    expect(next).not.toContain('force_login');
    const form = await (await app.request(location)).text();
    expect(form).toContain('An app asks to be let in');
    expect(form).toContain(next.replaceAll('&', '&amp;'));
  });

  test('signs in again when the app says so, and only once', async () => {
    const path = `/oauth/authorize?${client.question({ force_login: 'true' })}`;
    const answer = await app.request(path, { as: ann });
    const location = answer.headers.get('location') ?? '';
    expect(location).toStartWith('/sign-in?again=1&next=');
    expect((await app.request(location, { as: ann })).status).toBe(200);
    const plain = await app.request('/sign-in?next=%2Fabout', { as: ann });
    expect(plain.headers.get('location')).toBe('/about');
  });

  test('sees the app, the account and what is asked, on a page whose form may lead away', async () => {
    const answer = await app.request(`/oauth/authorize?${client.question()}`, { as: ann });
    expect(answer.status).toBe(200);
    const page = await answer.text();
    for (const words of ['Let Test client in?', '@ann', 'client.example']) {
      expect(page).toContain(words);
    }
    expect(page).toContain('see everything that you see');
    expect(page).not.toContain('write:media');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('form-action');
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
    expect(answer.headers.get('access-control-allow-origin')).toBe(null);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    const other = await app.request('/about');
    expect(other.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(other.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  test('says yes: the code goes to the address as it was registered, with the state', async () => {
    const answer = await client.decide(ann, 'allow', { state: 'x=1&y 2' });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    const location = answer.headers.get('location') ?? '';
    expect(location).toMatch(
      /^https:\/\/client\.example\/back\?code=[a-z2-7]+&state=x%3D1%26y%202$/,
    );
  });

  test('says no: the app is told', async () => {
    const answer = await client.decide(ann, 'deny', { state: 's' });
    expect(answer.status).toBe(302);
    const { searchParams } = new URL(answer.headers.get('location') ?? '');
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('error_description')).not.toBe(null);
    expect(searchParams.get('state')).toBe('s');
    expect(searchParams.get('code')).toBe(null);
  });

  test('copies the code where nothing leads back to the app', async () => {
    const redirect = 'urn:ietf:wg:oauth:2.0:oob';
    const shell = await registerApp(app, { redirect, scopes: 'read' });
    const page = await shell.decide(ann, 'allow');
    expect(page.status).toBe(200);
    const [, code = ''] = /value="([a-z2-7]{50,})"/.exec(await page.text()) ?? [];
    const token = await shell.exchange(code);
    expect(token.status).toBe(200);
    const refused = await shell.decide(ann, 'deny');
    expect(refused.headers.get('location')).toBe('/');
  });

  test('cannot be made to answer by another site, nor by a token', async () => {
    const form = new URLSearchParams({
      ...Object.fromEntries(client.question()),
      decision: 'allow',
    });
    const foreign = await app.request('/oauth/authorize', {
      body: form,
      headers: {
        cookie: ann.cookie,
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      },
    });
    expect(foreign.status).toBe(403);
    const bare = await app.request('/oauth/authorize', {
      body: new URLSearchParams(form),
      headers: { cookie: ann.cookie },
    });
    expect(bare.status).toBe(403);
    const token = await app.request('/oauth/authorize', {
      body: new URLSearchParams(form),
      token: ann.token,
    });
    expect(token.status).toBe(403);
  });

  test('gets a page and is led nowhere when the question is wrong', async () => {
    const wrong: Record<string, string>[] = [
      { client_id: 'unknown' },
      { redirect_uri: 'https://evil.example/' },
      { response_type: 'token' },
      { scope: 'admin:read' },
      { scope: 'nonsense' },
      { code_challenge: 'x'.repeat(43) },
      { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' },
      { code_challenge: 'short', code_challenge_method: 'S256' },
      { code_challenge_method: 'S256' },
      { state: 'x'.repeat(4001) },
    ];
    for (const change of wrong) {
      for (const answer of [
        await app.request(`/oauth/authorize?${client.question(change)}`, { as: ann }),
        await client.decide(ann, 'allow', change),
      ]) {
        expect(answer.status).toBe(400);
        expect(answer.headers.get('location')).toBe(null);
        expect(answer.headers.get('content-type')).toStartWith('text/html');
      }
    }
  });
});

test('the metadata name what there is, and everybody may read them', async () => {
  const answer = await app.request('/.well-known/oauth-authorization-server');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  const said = await json(answer);
  const origin = 'https://photos.example.org';
  expect(said).toMatchObject({
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    revocation_endpoint: `${origin}/oauth/revoke`,
    userinfo_endpoint: `${origin}/oauth/userinfo`,
    app_registration_endpoint: `${origin}/api/v1/apps`,
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
  });
  expect(said.scopes_supported).toContain('read:statuses');
});

test('userinfo says who signed in, to apps that may ask', async () => {
  const client = await registerApp(app, { redirect: REDIRECT, scopes: 'read profile' });
  const code = codeOf(await client.decide(ann, 'allow', { scope: 'profile' }));
  const token = String((await json(await client.exchange(code))).access_token);
  for (const method of ['GET', 'POST']) {
    const answer = await app.request('/oauth/userinfo', { method, token });
    expect(await json(answer)).toMatchObject({
      iss: 'https://photos.example.org',
      sub: 'https://photos.example.org/users/ann',
      preferred_username: 'ann',
      profile: 'https://photos.example.org/@ann',
    });
  }
  expect((await app.request('/api/v1/accounts/verify_credentials', { token })).status).toBe(200);
  expect((await app.request('/api/v1/timelines/home', { token })).status).toBe(403);
  const reader = codeOf(await client.decide(ann, 'allow', { scope: 'read' }));
  const other = String((await json(await client.exchange(reader))).access_token);
  expect((await app.request('/oauth/userinfo', { token: other })).status).toBe(403);
});

test('other sites reach what apps call and not the page, and ask before without an account', async () => {
  for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/userinfo', '/api/v1/apps']) {
    const answer = await app.request(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://client.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(answer.headers.get('access-control-allow-credentials')).toBe(null);
  }
  const page = await app.request('/oauth/authorize', { method: 'OPTIONS' });
  expect(page.headers.get('access-control-allow-origin')).toBe(null);
});
