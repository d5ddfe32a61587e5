import { afterEach, describe, expect, spyOn, test } from 'bun:test';
import { createResetLink } from '#domain/accounts/reset-link.ts';
import { createTestApp, PASSWORD, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
afterEach(() => app.close());

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const signIn = (form: Record<string, string>, address = '203.0.113.5') =>
  app.request('/sign-in', { form, headers: SAME_ORIGIN, address });

/** What the browser keeps of an answer: name=value of each cookie. */
const cookiesOf = (response: Response) =>
  response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');

describe('signing in', () => {
  test('works by username and by email, in any case, and leads to where one came from', async () => {
    app = await createTestApp();
    await app.person('Ada', 'owner');
    for (const username of ['ada', '@ADA', 'ada@example.org', 'ADA@EXAMPLE.ORG']) {
      const response = await signIn({ username, password: PASSWORD, next: '/settings/profile' });
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe('/settings/profile');
      const cookie = cookiesOf(response).find((each) => each.startsWith('session=')) ?? '';
      const page = await app.request('/settings/profile', { headers: { cookie } });
      expect(page.status).toBe(200);
    }
  });

  test('sets a strict cookie over https and a plain one over http', async () => {
    app = await createTestApp({ config: { trustedProxies: ['127.0.0.1'] } });
    await app.person('ada', 'owner');
    const form = { username: 'ada', password: PASSWORD };
    const plain = await app.request('/sign-in', { form, headers: SAME_ORIGIN });
    const line = plain.headers.getSetCookie().find((each) => each.startsWith('session=')) ?? '';
    expect(line).toContain('HttpOnly');
    expect(line).toContain('SameSite=Lax');
    expect(line).not.toContain('Secure');
    const headers = {
      ...SAME_ORIGIN,
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '192.0.2.7',
    };
    const secure = await app.request('/sign-in', { form, headers });
    const strict = secure.headers.getSetCookie().find((each) => each.startsWith('__Host-')) ?? '';
    expect(strict).toContain('Secure');
    expect(strict).toContain('Path=/');
    expect(strict).not.toContain('Domain');
  });

  test('never leads to another site', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:1',
    ]) {
      const response = await signIn({ username: 'ada', password: PASSWORD, next });
      expect(response.headers.get('location')).toBe('/');
    }
  });

  test('gives the same answer after the same work for an unknown name and a wrong password', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    const verify = spyOn(Bun.password, 'verify');
    const wrong = await signIn({ username: 'ada', password: 'not the password' });
    const calls = verify.mock.calls.length;
    const unknown = await signIn({ username: 'nobody9', password: 'not the password' });
    expect(calls).toBe(1);
    expect(verify.mock.calls.length).toBe(2);
    // The costly part is the same: the same parameters in both hashes.
    const [first, second] = verify.mock.calls.map(([, hash]) =>
      String(hash).split('$').slice(0, 4),
    );
    expect(first).toEqual(second as string[]);
    verify.mockRestore();
    expect(unknown.status).toBe(wrong.status);
    expect(wrong.status).toBe(422);
    const bare = async (response: Response, name: string) =>
      (await response.text()).replaceAll(`value="${name}"`, 'NAME');
    expect(await bare(unknown, 'nobody9')).toBe(await bare(wrong, 'ada'));
  });

  test('keeps the name that was typed and never the password', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    const page = await (
      await signIn({ username: 'ada', password: 'my secret typo', next: '/compose' })
    ).text();
    expect(page).toContain('value="ada"');
    expect(page).toContain('value="/compose"');
    expect(page).not.toContain('my secret typo');
  });

  test('is refused after ten wrong tries on one name, whoever asks, with a time to come back', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    for (let n = 0; n < 10; n += 1) {
      expect((await signIn({ username: 'ada', password: 'x' }, `198.51.100.${n}`)).status).toBe(
        422,
      );
    }
    for (const username of ['ada', 'ada@example.org']) {
      const refused = await signIn({ username, password: PASSWORD }, '198.51.100.99');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.text()).toContain('Too many attempts');
    }
    app.clock.advance(5 * 60_000 + 1000);
    expect((await signIn({ username: 'ada', password: PASSWORD })).status).toBe(303);
  });

  test('counts an IPv6 home as one address', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    const from = (n: number) => `2001:db8:1:2:${n.toString(16)}::1`;
    for (let n = 0; n < 10; n += 1) await signIn({ username: `u${n}`, password: 'x' }, from(n));
    const again = await signIn({ username: 'ada', password: PASSWORD }, from(99));
    expect(again.status).toBe(429);
    const elsewhere = await signIn({ username: 'ada', password: PASSWORD }, '2001:db8:1:3::1');
    expect(elsewhere.status).toBe(303);
  });

  test('counts parallel tries, too', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    const tries = Array.from({ length: 15 }, () => signIn({ username: 'ada', password: 'x' }));
    const statuses = (await Promise.all(tries)).map((response) => response.status);
    expect(statuses.filter((status) => status === 422)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  test('T75: a form of another site signs nobody in', async () => {
    app = await createTestApp();
    await app.person('ada', 'owner');
    const form = { username: 'ada', password: PASSWORD };
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const response = await app.request('/sign-in', { form, headers });
      expect(response.status).toBe(403);
      expect(response.headers.getSetCookie().filter((line) => line.includes('session'))).toEqual(
        [],
      );
    }
  });

  test('T82: no password, cookie, token, code or link is logged', async () => {
    const lines: string[] = [];
    const write = (message: string, fields?: unknown) => {
      lines.push(message + JSON.stringify(fields ?? {}));
    };
    app = await createTestApp({ log: { debug: write, info: write, warn: write, error: write } });
    const ada = await app.person('ada', 'owner');
    await signIn({ username: 'ada', password: 'the wrong secret' });
    const signedIn = await signIn({ username: 'ada', password: PASSWORD });
    await app.request('/settings/security/password', {
      as: ada,
      form: { current_password: PASSWORD, password: 'another long secret' },
    });
    const { token: reset } = createResetLink(app.ctx, 'console', ada.viewer.id);
    await app.request(`/reset/${reset}`);
    await app.request('/setup?code=abcd-efgh-ijkl-mnop');
    await app.request(`/join/${'j'.repeat(26)}`);
    const session = cookiesOf(signedIn)[0]?.split('=')[1] ?? 'none';
    const text = lines.join('\n');
    for (const secret of [
      'the wrong secret',
      PASSWORD,
      'another long secret',
      session,
      ada.token,
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('signing out', () => {
  test('ends the session on the server', async () => {
    app = await createTestApp();
    const ada = await app.person('ada', 'owner');
    const response = await app.request('/sign-out', { as: ada, form: {} });
    expect(response.status).toBe(303);
    expect((await app.request('/settings/profile', { as: ada })).status).toBe(303);
  });

  test('T75: needs the token of the session', async () => {
    app = await createTestApp();
    const ada = await app.person('ada', 'owner');
    const headers = { cookie: ada.cookie, ...SAME_ORIGIN };
    const refused = await app.request('/sign-out', { form: {}, headers });
    expect(refused.status).toBe(403);
    expect((await app.request('/settings/profile', { as: ada })).status).toBe(200);
  });
});
