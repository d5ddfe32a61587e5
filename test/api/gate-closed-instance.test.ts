import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isOpenAddress, openAddresses } from '#doors/http/gate.ts';
import { buildRequest, type Person, type RequestOptions } from '#test/harness/app.ts';
import { createDoorWorld, type DoorWorld } from '#test/http/door.ts';

describe('family mode', () => {
  let world: DoorWorld;
  let anna: Person;
  beforeAll(async () => {
    const mediaFiles = () => new Response('a photo');
    const options = { settings: { mode: 'family' }, config: { rates: false } };
    world = await createDoorWorld(options, { mediaFiles });
    anna = await world.app.person('anna', 'owner');
  });
  afterAll(() => world.app.close());
  const ask = (path: string, options: RequestOptions = {}) =>
    world.door.handle(buildRequest(path, options));

  test('leads strangers from every page to the sign-in and back', async () => {
    const answer = await ask('/@anna/1?x=a%26b');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `/sign-in?next=${encodeURIComponent('/@anna/1?x=a%26b')}`,
    );
    expect((await ask('/')).headers.get('location')).toBe('/sign-in');
    expect((await ask('/settings/mine', { form: {} })).headers.get('location')).toBe('/sign-in');
  });
  test('answers the API and all who want JSON with 401', async () => {
    const json = { headers: { accept: 'application/activity+json' } };
    for (const answer of [
      await ask('/api/v1/open'),
      await ask('/api/v1/none'),
      await ask('/nodeinfo/2.0'),
      await ask('/.well-known/webfinger?resource=acct:anna@localhost'),
      await ask('/users/anna', json),
      await ask('/users/nobody', json),
    ]) {
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error: 'The access token is invalid' });
    }
  });
  test('gives the same to a stranger whether a thing exists or not', async () => {
    const seen = async (path: string) => {
      const { status, headers } = await ask(path);
      const rest = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'location');
      return JSON.stringify([status, rest]);
    };
    expect(await seen('/about')).toBe(await seen('/nothing'));
    expect(await seen('/api/v1/open')).toBe(await seen('/api/v1/none'));
    expect((await ask('/media/abc.jpg')).status).toBe(404);
  });
  test('lets members in, by cookie and by token', async () => {
    expect((await ask('/about', { as: anna })).status).toBe(200);
    expect((await ask('/api/v1/mine', { token: anna.token })).status).toBe(200);
    expect(await (await ask('/media/abc.jpg', { as: anna })).text()).toBe('a photo');
    expect((await ask('/api/v1/mine', { token: 'wrong' })).status).toBe(401);
    expect((await ask('/about', { headers: { cookie: 'session=wrong' } })).status).toBe(303);
  });
  test('cannot be talked out of it by case, slashes, escapes or methods', async () => {
    for (const path of [
      '/about/',
      '//about',
      '/%61bout',
      '/ABOUT',
      '/sign-in/../about',
      '/sign-in/%2e%2e/about',
      '/sign-in%2f..%2fabout',
      '/sign-in/x',
      '/join/',
      '/join',
      '/join/../about',
      '/.well-known/acme-challenge/../../api/v1/open',
      '/sign-in;/about',
      '/setupx',
      '/about?x=/sign-in',
      '/about#/sign-in',
      '/assets/../about',
    ]) {
      const answer = await ask(path);
      expect([303, 400, 401, 404]).toContain(answer.status);
      expect(await answer.text()).not.toContain('About');
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'POST', 'HEAD', 'TRACE2', 'PROPFIND']) {
      const answer = await ask('/about', { method });
      expect(answer.status).toBe(303);
    }
    expect((await ask('/sign-in', { method: 'PUT' })).status).toBe(303);
  });
  test('headers of a proxy or of another method open nothing', async () => {
    for (const headers of [
      { 'x-original-url': '/sign-in' },
      { 'x-rewrite-url': '/sign-in' },
      { 'x-forwarded-prefix': '/sign-in' },
      { 'x-forwarded-for': '127.0.0.1' },
      { 'x-http-method-override': 'OPTIONS' },
    ]) {
      expect((await ask('/about', { headers })).status).toBe(303);
    }
  });
  test('errors of strangers show nobody and nothing', async () => {
    const answer = await ask('/media/abc.jpg');
    const text = await answer.text();
    expect(text).not.toContain('anna');
    expect(text).not.toContain('csrf');
  });
  test('robots are asked to stay away, health still answers', async () => {
    expect(await (await ask('/robots.txt')).text()).toContain('Disallow: /\n');
    expect((await ask('/readyz')).status).toBe(200);
    expect((await ask('/livez')).status).toBe(200);
  });
  test('holds from the moment it is switched on', async () => {
    const open = await createDoorWorld();
    await open.app.person('ben', 'owner');
    const status = async () => (await open.door.handle(buildRequest('/about'))).status;
    expect(await status()).toBe(200);
    const { changeSetting } = await import('#domain/settings.ts');
    changeSetting(open.app.ctx, 'mode', 'family');
    expect(await status()).toBe(303);
    await open.app.close();
  });
});

test('the list of open addresses has a reason for each and opens nothing else', () => {
  for (const { reason, methods } of openAddresses) {
    expect(reason.length).toBeGreaterThan(10);
    expect(methods.length).toBeGreaterThan(0);
  }
  expect(isOpenAddress('GET', '/join/abc')).toBe(true);
  expect(isOpenAddress('HEAD', '/sign-in')).toBe(true);
  expect(isOpenAddress('POST', '/sign-in/')).toBe(true);
  expect(isOpenAddress('GET', '/join/')).toBe(false);
  expect(isOpenAddress('DELETE', '/sign-in')).toBe(false);
  expect(isOpenAddress('POST', '/.well-known/acme-challenge/x')).toBe(false);
});

describe('before there is an owner', () => {
  test('every road leads to set-up, programs get 503, health is fine', async () => {
    const { app, door } = await createDoorWorld();
    const ask = (path: string, options: RequestOptions = {}) =>
      door.handle(buildRequest(path, options));
    for (const path of [
      '/',
      '/about',
      '/nothing',
      '/sign-in',
      '/@anna',
      '/join/abc',
      '/media/x.jpg',
    ]) {
      const answer = await ask(path);
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe('/setup');
    }
    const api = await ask('/api/v1/open');
    expect(api.status).toBe(503);
    expect(await api.json()).toEqual({ error: 'This server is not set up yet.' });
    expect((await ask('/readyz')).status).toBe(200);
    expect((await ask('/setup')).status).toBe(404);
    await app.person('anna', 'owner');
    expect((await ask('/about')).status).toBe(200);
    await app.close();
  });
});
