import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { setPassword } from '#domain/accounts/change-password.ts';
import { createResetLink, spendResetLink } from '#domain/accounts/reset-link.ts';
import { startSession } from '#domain/accounts/sessions.ts';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { codeOf, letIn, registerApp, type TestClient } from '#test/api/oauth-client.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';

const GOOD = 'https://client.example/back';
const NEW_PASSWORD = 'another long password';
let app: TestApp;
let client: TestClient;
let told: string[];
let names = 0;
beforeAll(async () => {
  app = await createTestApp({ config: { rates: false } });
  await app.person('olga', 'owner');
  client = await registerApp(app, { redirect: GOOD, scopes: 'read write' });
  told = [];
  for (const type of ['token.ended', 'session.ended']) {
    app.app.live.on(type, (event) => told.push(`${event.type} of ${event.accountId}`));
  }
});
afterAll(() => app.close());

/** A person with a browser, a second browser, an app, and an app that has not fetched its token yet. */
async function enter() {
  names += 1;
  const ann = await app.person(`ann${names}`);
  const { access } = await letIn(client, ann);
  const other = await startSession(app.ctx, ann.viewer.id, 'another browser');
  const waiting = codeOf(await client.decide(ann, 'allow'));
  told.length = 0;
  return {
    ann,
    access,
    other: { ...ann, cookie: `session=${other.id}`, csrf: other.csrf },
    waiting,
  };
}

type Inside = Awaited<ReturnType<typeof enter>>;

/** What still opens: the browser, the other one, the token made by hand, the app's, the code. */
async function open({ ann, access, other, waiting }: Inside): Promise<string[]> {
  const works = async (how: { token: string } | { as: Person }) =>
    (await app.request('/api/v1/accounts/verify_credentials', how)).status === 200;
  const left: [string, boolean][] = [
    ['browser', await works({ as: ann })],
    ['other browser', await works({ as: other })],
    ['token', await works({ token: ann.token })],
    ['app', await works({ token: access })],
    ['code', (await client.exchange(waiting)).status === 200],
  ];
  return left.filter(([, is]) => is).map(([what]) => what);
}

const count = (what: string) => told.filter((each) => each.startsWith(what)).length;

describe('T90: at the very next request nothing opens that was closed', () => {
  test('T90: before anything is closed, all of it opens', async () => {
    expect(await open(await enter())).toEqual(['browser', 'other browser', 'token', 'app', 'code']);
  });
  test('T90: signing out closes this browser', async () => {
    const inside = await enter();
    await app.request('/sign-out', { as: inside.ann, form: {} });
    expect(told).toEqual([`session.ended of ${inside.ann.viewer.id}`]);
    expect(await open(inside)).toEqual(['other browser', 'token', 'app', 'code']);
  });
  test('T90: ending the others closes them', async () => {
    const inside = await enter();
    await app.request('/settings/sessions/end-others', { as: inside.ann, form: {} });
    expect(count('session.ended')).toBe(1);
    expect(await open(inside)).toEqual(['browser', 'token', 'app', 'code']);
  });
  test('T90: a changed password closes every other browser; apps stay, as the page says', async () => {
    const inside = await enter();
    await app.request('/settings/security/password', {
      as: inside.ann,
      form: { current_password: PASSWORD, password: NEW_PASSWORD },
    });
    expect(count('session.ended')).toBe(1);
    expect(await open(inside)).toEqual(['browser', 'token', 'app', 'code']);
  });
  test('T90: a password that was set with a link closes everything', async () => {
    const inside = await enter();
    const { token } = createResetLink(app.ctx, 'console', inside.ann.viewer.id);
    await spendResetLink(app.ctx, token, NEW_PASSWORD);
    expect([count('session.ended'), count('token.ended')]).toEqual([2, 2]);
    expect(await open(inside)).toEqual([]);
  });
  test('T90: so does one that was set at the command line', async () => {
    const inside = await enter();
    await setPassword(app.ctx, inside.ann.viewer.id, NEW_PASSWORD);
    expect([count('session.ended'), count('token.ended')]).toEqual([2, 2]);
    expect(await open(inside)).toEqual([]);
  });
  test('T90: a suspension closes everything; tokens open again when it is lifted', async () => {
    const inside = await enter();
    suspendAccount(app.ctx, 'console', inside.ann.viewer.id);
    await Promise.resolve();
    expect([count('session.ended'), count('token.ended')]).toEqual([2, 2]);
    expect(await open(inside)).toEqual([]);
    restoreAccount(app.ctx, 'console', inside.ann.viewer.id);
    expect(await open(inside)).toEqual(['token', 'app']);
  });
  test('T90: a suspended person’s app can neither renew nor fetch', async () => {
    const { ann } = await enter();
    const { refresh } = await letIn(client, ann);
    const code = codeOf(await client.decide(ann, 'allow'));
    suspendAccount(app.ctx, 'console', ann.viewer.id);
    const renew = { grant_type: 'refresh_token', refresh_token: refresh };
    expect((await client.exchange('', renew)).status).toBe(400);
    expect((await client.exchange(code)).status).toBe(400);
  });
  test('T90: a deleted account opens nothing', async () => {
    const inside = await enter();
    deleteAccount(app.ctx, 'console', inside.ann.viewer.id);
    await Promise.resolve();
    expect([count('session.ended'), count('token.ended')]).toEqual([2, 2]);
    expect(await open(inside)).toEqual([]);
  });
  test('T90: an app that is shut out loses all its tokens, and what it has not fetched', async () => {
    const inside = await enter();
    const again = await letIn(client, inside.ann);
    const page = await (await app.request('/settings/security', { as: inside.ann })).text();
    expect(page).toContain('Test client');
    expect(page).toContain('let in 2 times');
    const [, id = ''] = /\/settings\/apps\/(\d+)\/revoke/.exec(page) ?? [];
    const stranger = await enter();
    const foreign = await registerApp(app, { redirect: GOOD, scopes: 'read' });
    await letIn(foreign, inside.ann);
    told.length = 0;
    await app.request(`/settings/apps/${id}/revoke`, { as: inside.ann, form: {} });
    expect(told).toEqual(Array(2).fill(`token.ended of ${inside.ann.viewer.id}`));
    expect((await client.read(again.access)).status).toBe(401);
    expect(await open(inside)).toEqual(['browser', 'other browser', 'token']);
    expect(await open(stranger)).toContain('app');
    const left = await (await app.request('/settings/security', { as: inside.ann })).text();
    expect(left).toContain('Test client');
    const twice = await app.request(`/settings/apps/${id}/revoke`, { as: inside.ann, form: {} });
    expect(twice.status).toBe(404);
  });
  test('T90: a token cannot shut apps out, or let them in', async () => {
    const { ann } = await enter();
    for (const path of ['/settings/apps/1/revoke', '/oauth/authorize']) {
      const answer = await app.request(path, { method: 'POST', token: ann.token });
      expect(answer.status).toBe(403);
    }
  });
  test('T90: what an app gives back is told, once', async () => {
    const { ann, access } = await enter();
    const form = { client_id: client.id, client_secret: client.secret, token: access };
    for (let times = 0; times < 2; times += 1) {
      await app.request('/oauth/revoke', { body: new URLSearchParams(form) });
    }
    expect(told).toEqual([`token.ended of ${ann.viewer.id}`]);
  });
});

describe('T91: a session is made by the server at the sign-in, and by nothing else', () => {
  const signIn = (username: string, cookie?: string) =>
    app.request('/sign-in', {
      body: new URLSearchParams({ username, password: PASSWORD }),
      ...(cookie === undefined ? {} : { headers: { cookie } }),
    });
  const idIn = (answer: Response) =>
    /^session=([^;]*)/.exec(
      answer.headers.getSetCookie().find((c) => c.startsWith('session=')) ?? '',
    )?.[1] ?? '';

  test('T91: an id that was brought along is not taken over', async () => {
    const { ann } = await enter();
    for (const planted of ['session=planted', 'session=', `session=${'a'.repeat(32)}`]) {
      const answer = await signIn(ann.viewer.username, planted);
      const id = idIn(answer);
      expect(id).toMatch(/^[a-z2-7]{32}$/);
      expect(`session=${id}`).not.toBe(planted);
      const path = '/api/v1/accounts/verify_credentials';
      expect((await app.request(path, { headers: { cookie: planted } })).status).toBe(401);
    }
  });
  test('T91: every sign-in makes another one, and ends the one that it replaces in this browser', async () => {
    const { ann, other } = await enter();
    const again = idIn(await signIn(ann.viewer.username, ann.cookie));
    const path = '/api/v1/accounts/verify_credentials';
    expect((await app.request(path, { headers: { cookie: ann.cookie } })).status).toBe(401);
    expect((await app.request(path, { headers: { cookie: `session=${again}` } })).status).toBe(200);
    expect((await app.request(path, { headers: { cookie: other.cookie } })).status).toBe(200);
  });
  test('T91: looking at pages, failing and letting an app in make none', async () => {
    const { ann } = await enter();
    const wrong = await app.request('/sign-in', {
      body: new URLSearchParams({ username: ann.viewer.username, password: 'wrong wrong wrong' }),
    });
    for (const answer of [
      wrong,
      await app.request('/sign-in'),
      await app.request('/about'),
      await client.decide(ann, 'allow'),
    ]) {
      expect(idIn(answer)).toBe('');
    }
  });
});

describe('T92: the cookie', () => {
  test('T92: is out of reach of scripts, other sites, plain http and sister hosts', async () => {
    const secure = await createTestApp({
      config: { origin: 'https://photos.example.org', trustedProxies: ['127.0.0.1'] },
    });
    await secure.person('ann', 'owner');
    const answer = await secure.request('/sign-in', {
      body: new URLSearchParams({ username: 'ann', password: PASSWORD }),
      headers: { 'x-forwarded-proto': 'https' },
    });
    const cookies = answer.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toStartWith('__Host-');
      const parts = cookie.split('; ').slice(1);
      for (const part of ['Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure']) {
        expect(parts).toContain(part);
      }
      expect(parts.some((part) => /^domain=/i.test(part))).toBe(false);
    }
    await secure.close();
  });
});

describe('T95: what a proxy or a stranger claims', () => {
  const claims: Record<string, string> = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '6666',
    'x-original-url': '/admin/accounts',
    'x-rewrite-url': '/admin/accounts',
    forwarded: 'for=192.0.2.1;host=evil.example;proto=http',
    host: 'evil.example',
  };
  test('T95: makes no address: links, ids, issuer and streams are the configured ones', async () => {
    const origin = 'https://photos.example.org';
    for (const trustedProxies of [[], ['127.0.0.1']]) {
      const behind = await createTestApp({ config: { origin, trustedProxies, rates: false } });
      const ann = await behind.person('ann', 'owner');
      await behind.request('/api/v1/statuses', { token: ann.token, json: { status: 'Words' } });
      for (const path of [
        '/.well-known/oauth-authorization-server',
        '/.well-known/nodeinfo',
        '/.well-known/webfinger?resource=acct:ann@photos.example.org',
        '/users/ann',
        '/api/v1/accounts/lookup?acct=ann',
        '/api/v1/timelines/public?local=true&limit=1',
        '/api/v2/instance',
        '/@ann',
        '/about',
      ]) {
        const accept = path.startsWith('/users') ? { accept: 'application/activity+json' } : {};
        const answer = await behind.request(path, { headers: { ...claims, ...accept } });
        const head = JSON.stringify([...answer.headers]);
        expect(`${path} ${(head + (await answer.text())).includes('evil.example')}`).toBe(
          `${path} false`,
        );
      }
      await behind.close();
    }
  });
});

describe('T101: a password of a megabyte', () => {
  test('T101: costs no more than another, and is refused where one is chosen', async () => {
    const { ann } = await enter();
    const huge = 'x y'.repeat(300_000);
    const time = async (password: string) => {
      const begun = performance.now();
      const answer = await app.request('/sign-in', {
        body: new URLSearchParams({ username: ann.viewer.username, password }),
        address: `192.0.2.${password.length % 250}`,
      });
      expect(answer.status).toBe(422);
      return performance.now() - begun;
    };
    const usual = Math.max(await time('wrong wrong wrong'), await time('wrong wrong wrong!'));
    // Reading a megabyte of form takes a little; hashing it whole would take seconds.
    expect(await time(huge)).toBeLessThan(usual * 3 + 250);
    const chosen = await app.request('/settings/security/password', {
      as: ann,
      form: { current_password: PASSWORD, password: huge },
    });
    expect(chosen.status).toBe(422);
    expect(await chosen.text()).not.toContain('x yx yx y');
  });
});
