import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { buildRequest, type Person } from '#test/harness/app.ts';
import { createDoorWorld, type DoorWorld } from '#test/http/door.ts';

let world: DoorWorld;
let anna: Person;
beforeAll(async () => {
  world = await createDoorWorld({ config: { rates: false } });
  anna = await world.app.person('anna', 'owner');
});
afterAll(() => world.app.close());

const FORM = 'application/x-www-form-urlencoded';
const OWN = { 'sec-fetch-site': 'same-origin', origin: 'http://localhost' };
const FOREIGN = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };

/** Sends a request with nothing but these headers; `$csrf` in the body becomes the real token. */
async function send(
  path: string,
  headers: Record<string, string>,
  body: string | null,
  method = 'POST',
): Promise<number> {
  const text = body?.replace('$csrf', anna.csrf) ?? null;
  const request = buildRequest(path, { method, headers, ...(text === null ? {} : { body: text }) });
  return (await world.door.handle(request)).status;
}
const cookie = () => ({ cookie: anna.cookie });
const typed = (type: string) => ({ 'content-type': type });

describe('T75: with a session cookie', () => {
  const things = '/api/v1/things';
  test('our own islands may send JSON', async () => {
    const headers = { ...cookie(), ...OWN, ...typed('application/json') };
    expect(await send(things, headers, '{}')).toBe(200);
    const { 'sec-fetch-site': _, ...old } = headers;
    expect(await send(things, old, '{}')).toBe(200);
  });
  test('another site may send nothing at all', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      FORM,
      'multipart/form-data; boundary=b',
    ]) {
      for (const origin of [
        FOREIGN,
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'http://localhost.evil.example' },
        { origin: 'http://localhost:81' },
        { origin: 'https://sub.localhost' },
      ]) {
        const headers = { ...cookie(), ...typed(type), ...origin };
        expect(await send(things, headers, '{"csrf":"$csrf"}')).toBe(403);
        expect(await send('/settings/mine', headers, 'csrf=$csrf')).toBe(403);
      }
    }
  });
  test('not even with the right token in the header', async () => {
    const headers = { ...cookie(), ...FOREIGN, 'x-csrf-token': anna.csrf, ...typed(FORM) };
    expect(await send(things, headers, 'a=1')).toBe(403);
  });
  test('a simple form of our own needs the token', async () => {
    const headers = { ...cookie(), ...OWN, ...typed(FORM) };
    expect(await send('/settings/mine', headers, 'a=1')).toBe(403);
    expect(await send('/settings/mine', headers, 'csrf=')).toBe(403);
    expect(await send('/settings/mine', headers, 'csrf=wrong')).toBe(403);
    expect(await send('/settings/mine', headers, 'csrf[]=$csrf')).toBe(403);
    expect(await send('/settings/mine', headers, 'csrf=$csrf')).toBe(303);
    const withHeader = { ...headers, 'x-csrf-token': anna.csrf };
    expect(await send('/settings/mine', withHeader, 'a=1')).toBe(303);
    expect(await send('/settings/mine', { ...headers, 'x-csrf-token': 'no' }, 'csrf=$csrf')).toBe(
      403,
    );
  });
  test('JSON in text/plain is a simple request, so it is refused, token inside or not', async () => {
    const headers = { ...cookie(), ...OWN, ...typed('text/plain;charset=UTF-8') };
    expect(await send(things, headers, '{"a":1}')).toBe(403);
    expect(await send(things, headers, '{"csrf":"$csrf"}')).toBe(403);
    const json = { ...headers, ...typed('text/plain; application/json') };
    expect(await send(things, json, '{"a":1}')).toBe(403);
  });
  test('a POST without a type or body is simple too', async () => {
    expect(await send(things, { ...cookie(), ...OWN }, null)).toBe(403);
    expect(await send(things, { ...cookie(), ...OWN, 'x-csrf-token': anna.csrf }, null)).toBe(200);
  });
  test('DELETE cannot be sent by a form, but must be same-origin', async () => {
    expect(await send(`${things}/1`, { ...cookie(), ...OWN }, null, 'DELETE')).toBe(200);
    expect(await send(`${things}/1`, { ...cookie(), ...FOREIGN }, null, 'DELETE')).toBe(403);
  });
  test('a request that does not say where it comes from needs the token', async () => {
    expect(await send(things, { ...cookie(), ...typed('application/json') }, '{}')).toBe(403);
    const headers = { ...cookie(), 'x-csrf-token': anna.csrf, ...typed('application/json') };
    expect(await send(things, headers, '{}')).toBe(200);
    expect(await send('/settings/mine', { ...cookie(), ...typed(FORM) }, 'csrf=$csrf')).toBe(303);
  });
  test('the method in a header or field changes nothing', async () => {
    const headers = { ...cookie(), ...OWN, 'x-http-method-override': 'DELETE', ...typed(FORM) };
    expect(await send(`${things}/1`, headers, 'csrf=$csrf&_method=DELETE')).toBe(404);
  });
  test('GET and HEAD reach no route that changes something', async () => {
    for (const method of ['GET', 'HEAD']) {
      expect(await send(things, { ...cookie(), ...FOREIGN }, null, method)).toBe(404);
      expect(await send('/settings/mine?csrf=x', { ...cookie(), ...OWN }, null, method)).toBe(200);
    }
  });
});

describe('a request with a Bearer token', () => {
  test('may come from anywhere', async () => {
    const bearer = { authorization: `Bearer ${anna.token}`, ...FOREIGN };
    expect(await send('/api/v1/things', { ...bearer, ...typed(FORM) }, 'a=1')).toBe(200);
    expect(await send('/api/v1/things', bearer, null)).toBe(200);
  });
  test('ignores cookies: a bad token with a good cookie is nobody', async () => {
    const headers = { authorization: 'Bearer wrong', ...cookie(), ...OWN };
    expect(await send('/api/v1/mine', headers, null, 'GET')).toBe(401);
    expect(await send('/api/v1/mine', { ...headers, authorization: 'bearer' }, null, 'GET')).toBe(
      200,
    );
    expect(await send('/api/v1/mine', { ...headers, authorization: 'Bearer ' }, null, 'GET')).toBe(
      200,
    );
  });
});

describe('signed out', () => {
  test('a form of a page must be same-origin, or of no browser', async () => {
    expect(await send('/sign-in', { ...OWN, ...typed(FORM) }, 'a=1')).toBe(200);
    expect(await send('/sign-in', typed(FORM), 'a=1')).toBe(200);
    expect(await send('/sign-in', { ...FOREIGN, ...typed(FORM) }, 'a=1')).toBe(403);
    expect(await send('/sign-in', { origin: 'null', ...typed(FORM) }, 'a=1')).toBe(403);
  });
  test('an app in another site may register', async () => {
    expect(await send('/api/v1/apps', { ...FOREIGN, ...typed(FORM) }, 'client_name=x')).toBe(200);
  });
});

test('the token of another session is worth nothing', async () => {
  const ben = await world.app.person('ben');
  const headers = { ...cookie(), ...OWN, ...typed(FORM), 'x-csrf-token': ben.csrf };
  expect(await send('/settings/mine', headers, 'a=1')).toBe(403);
});

test('behind a proxy that changes the host, the origin that was set counts', async () => {
  const origin = 'https://photos.example.org';
  const { app, door } = await createDoorWorld({ config: { origin } });
  await app.person('anna', 'owner');
  const sign = (from: string) =>
    door.handle(
      buildRequest('/sign-in', { headers: { origin: from, host: 'inner:8080' }, form: { a: '1' } }),
    );
  expect((await sign(origin)).status).toBe(200);
  expect((await sign('https://evil.example')).status).toBe(403);
  await app.close();
});
