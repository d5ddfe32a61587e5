import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createTestApp, PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';
import { letIn, registerApp, type TestClient } from './oauth-client.ts';

const BACK = 'https://client.example/back';

describe('a family’s apps', () => {
  let app: TestApp;
  let ann: Person;
  let client: TestClient;
  beforeAll(async () => {
    app = await createTestApp({ settings: { mode: 'family' }, config: { rates: false } });
    ann = await app.person('ann', 'owner');
    client = await registerApp(app, { redirect: BACK, scopes: 'read write' });
  });
  afterAll(() => app.close());

  test('get in as everywhere', async () => {
    const { access } = await letIn(client, ann);
    expect((await client.read(access)).status).toBe(200);
  });

  test('a stranger is led to the sign-in, and learns nothing of what the question was about', async () => {
    const known = await app.request(`/oauth/authorize?${client.question()}`);
    const unknown = await app.request(`/oauth/authorize?${client.question({ client_id: 'x' })}`);
    for (const answer of [known, unknown]) {
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toStartWith('/sign-in?next=');
      expect(await answer.text()).toBe('');
    }
    const form = await app.request(known.headers.get('location') ?? '');
    expect(await form.text()).not.toContain('Test client');
  });

  test('one that asks for a new sign-in gets one, not two', async () => {
    const first = await app.request(`/oauth/authorize?${client.question({ force_login: 'true' })}`);
    const path = first.headers.get('location') ?? '';
    const next = new URLSearchParams(path.slice(path.indexOf('?'))).get('next') ?? '';
    const signedIn = await app.request('/sign-in', {
      body: new URLSearchParams({ username: 'ann', password: PASSWORD, next }),
    });
    expect(signedIn.headers.get('location')).toBe(next);
    const page = await app.request(next, { as: ann });
    expect(await page.text()).toContain('Let Test client in?');
  });

  test('an app without a person is a stranger', async () => {
    const answer = await client.exchange('', { grant_type: 'client_credentials', scope: 'read' });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    for (const path of ['/api/v1/timelines/public', '/api/v1/accounts/lookup?acct=ann', '/@ann']) {
      const refused = await app.request(path, { token });
      expect([303, 401]).toContain(refused.status);
      expect(await refused.text()).not.toContain('ann');
    }
    expect((await app.request('/api/v1/apps/verify_credentials', { token })).status).toBe(200);
    expect((await app.request('/api/v1/apps/verify_credentials')).status).toBe(401);
  });
});

test('who has no account yet makes one on the way, and comes back to the question', async () => {
  const settings = { mode: 'community', registration: 'open' };
  const app = await createTestApp({ settings, config: { rates: false } });
  await app.person('olga', 'owner');
  const client = await registerApp(app, { redirect: BACK, scopes: 'read' });
  const first = await app.request(`/oauth/authorize?${client.question()}`);
  const signIn = await (await app.request(first.headers.get('location') ?? '')).text();
  const [, link = ''] = /href="(\/join\/open\?next=[^"]+)"/.exec(signIn) ?? [];
  const join = await (await app.request(link)).text();
  const [, next = ''] = /name="next" value="([^"]+)"/.exec(join) ?? [];
  expect(next).toStartWith('/oauth/authorize?');
  const joined = await app.request('/join/open', {
    body: new URLSearchParams({
      username: 'ben',
      email: 'ben@example.org',
      password: PASSWORD,
      next: next.replaceAll('&amp;', '&'),
    }),
  });
  expect(joined.headers.get('location')).toBe(next.replaceAll('&amp;', '&'));
  const foreign = await app.request('/join/open', {
    body: new URLSearchParams({
      username: 'eve',
      email: 'eve@example.org',
      password: PASSWORD,
      next: '//evil.example',
    }),
  });
  expect(foreign.headers.get('location')).toBe('/');
  await app.close();
});
