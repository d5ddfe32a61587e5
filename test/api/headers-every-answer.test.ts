import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { buildRequest, type Person, type RequestOptions } from '#test/harness/app.ts';
import { createDoorWorld, type DoorWorld } from '#test/http/door.ts';

let world: DoorWorld;
let anna: Person;
beforeAll(async () => {
  world = await createDoorWorld({ config: { rates: false } });
  anna = await world.app.person('anna', 'owner');
});
afterAll(() => world.app.close());

const ask = (path: string, options: RequestOptions = {}) =>
  world.door.handle(buildRequest(path, options));
const header = async (name: string, path: string, options: RequestOptions = {}) =>
  (await ask(path, options)).headers.get(name) ?? '';

describe('pages', () => {
  test('T76: nobody may frame us, and nothing from elsewhere or inline runs', async () => {
    for (const path of ['/about', '/nothing', '/settings/mine']) {
      const policy = await header('content-security-policy', path);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    }
    const policy = await header('content-security-policy', '/about');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("base-uri 'none'");
    expect(await header('x-frame-options', '/about')).toBe('DENY');
  });
  test('tell nothing to other sites and ask for no sensors', async () => {
    expect(await header('referrer-policy', '/about')).toBe('same-origin');
    expect(await header('permissions-policy', '/about')).toContain('geolocation=()');
    expect(await header('cross-origin-opener-policy', '/about')).toBe('same-origin');
    expect(await header('access-control-allow-origin', '/about')).toBe('');
  });
  test('HSTS is said over https only', async () => {
    expect(await header('strict-transport-security', '/about')).toBe('');
    const secure = await createDoorWorld({ config: { trustedProxies: ['127.0.0.1'] } });
    await secure.app.person('anna', 'owner');
    const request = buildRequest('/about', { headers: { 'x-forwarded-proto': 'https' } });
    const answer = await secure.door.handle(request);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
    await secure.app.close();
  });
});

describe('T80: caches', () => {
  test('nobody keeps what depends on who asks', async () => {
    for (const path of ['/about', '/settings/mine', '/api/v1/mine', '/api/v1/open', '/nothing']) {
      expect(await header('cache-control', path, { as: anna })).toBe('private, no-store');
      expect(await header('vary', path, { as: anna })).toBe('Accept, Cookie, Authorization');
      expect(await header('etag', path, { as: anna })).toBe('');
    }
    for (const path of ['/api/v1/open', '/api/v1/mine', '/nothing', '/settings/mine']) {
      expect(await header('cache-control', path)).toBe('private, no-store');
    }
  });
  test('a public page is kept by strangers and asked for again with its ETag', async () => {
    const first = await ask('/about');
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    const etag = first.headers.get('etag') ?? '';
    const again = await ask('/about', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.get('etag')).toBe(etag);
    const member = await ask('/about', { as: anna, headers: { 'if-none-match': etag } });
    expect(member.status).toBe(200);
  });
  test('an answer with a cookie is never public', async () => {
    const { headers } = await ask('/settings/mine', { as: anna, form: {} });
    const notice = headers.get('set-cookie')?.split(';')[0] ?? '';
    const shown = await ask('/about', { headers: { cookie: notice } });
    expect(await shown.text()).toContain('It is saved.');
    expect(shown.headers.get('cache-control')).toBe('private, no-store');
    expect(shown.headers.get('etag')).toBeNull();
    expect(shown.headers.get('set-cookie')).toMatch(/^notice=; .*Max-Age=0/);
  });
});

describe('other sites', () => {
  test('may read the API, never with cookies', async () => {
    for (const path of ['/api/v1/open', '/api/v1/mine', '/api/none', '/.well-known/x']) {
      const { headers } = await ask(path, { headers: { origin: 'https://app.example' } });
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('access-control-expose-headers')).toContain('Link, X-RateLimit-Limit');
    }
  });
  test('OPTIONS is answered without looking who asks, CORS only where it belongs', async () => {
    const answer = await ask('/api/v1/statuses', { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(answer.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(answer.headers.get('access-control-max-age')).toBe('86400');
    const page = await ask('/settings/mine', { method: 'OPTIONS' });
    expect(page.status).toBe(204);
    expect(page.headers.get('access-control-allow-methods')).toBeNull();
    const consent = await ask('/oauth/authorize', { method: 'OPTIONS' });
    expect(consent.headers.get('access-control-allow-origin')).toBeNull();
    const token = await ask('/oauth/token', { method: 'OPTIONS' });
    expect(token.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('every answer', () => {
  test('has an id of its own and says that types are meant', async () => {
    const ids = new Set<string>();
    for (const path of [
      '/about',
      '/api/v1/open',
      '/api/none',
      '/nothing',
      '/livez',
      '/robots.txt',
    ]) {
      const { headers } = await ask(path);
      ids.add(headers.get('x-request-id') ?? '');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(ids.size).toBe(6);
  });
  test('to HEAD has the status and headers of GET; Bun leaves the body out', async () => {
    for (const path of ['/about', '/api/v1/open', '/nothing', '/livez']) {
      const get = await ask(path);
      const head = await ask(path, { method: 'HEAD' });
      expect(head.status).toBe(get.status);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    }
  });
});

describe('cookies', () => {
  test('over https carry the __Host- prefix and are read under that name only', async () => {
    const secure = await createDoorWorld({ config: { origin: 'https://photos.example.org' } });
    const ben = await secure.app.person('ben', 'owner');
    const as = (cookie: string) =>
      secure.door.handle(buildRequest('/settings/mine', { headers: { cookie } }));
    expect((await as(ben.cookie)).status).toBe(303);
    const good = `__Host-${ben.cookie}`;
    expect((await as(good)).status).toBe(200);
    const saved = await secure.door.handle(
      buildRequest('/settings/mine', {
        as: { ...ben, cookie: good },
        form: {},
      }),
    );
    const cookie = saved.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-notice=/);
    expect(cookie).toContain('; Secure');
    expect(cookie).toContain('; HttpOnly; SameSite=Lax');
    await secure.app.close();
  });
  test('T77: a cookie called __proto__ changes nothing', async () => {
    const cookie = `__proto__=x; constructor=y; toString=z; ${anna.cookie}; __proto__[viewer]=1`;
    const answer = await ask('/settings/mine', { headers: { cookie } });
    expect(await answer.text()).toBe('anna');
    expect(({} as { viewer?: string }).viewer).toBeUndefined();
  });
  test('a forged notice is not shown', async () => {
    const body = Buffer.from(JSON.stringify([9e15, 'done', 'Send money'])).toString('base64url');
    for (const value of [body, `${body}.`, `${body}.forged`, '.', 'x.y.z', '%%%']) {
      const answer = await ask('/about', { headers: { cookie: `notice=${value}` } });
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain('Send money');
    }
  });
});
