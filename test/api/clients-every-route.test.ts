import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createToken } from '#domain/accounts/tokens.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { addressesOf, type Known, publishPhoto } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

setDefaultTimeout(60_000);

/** What is no JSON, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'GET /api/docs': 'a page for people',
  'GET /api/v1/streaming': 'a WebSocket',
  'GET /api/v1/streaming/health': 'a word for monitors, as Mastodon says it',
  'GET /api/v1/streaming/*': 'a stream of events',
  'GET /api/oembed': 'refuses what is asked without an address',
};

let app: TestApp;
let ada: Person;
let admin: string;
let known: Known;
let routes: { method: string; path: string }[];
beforeAll(async () => {
  app = await createMediaApp({
    settings: { mode: 'community' },
    config: { origin: 'https://photos.example' },
  });
  ada = await app.person('ada', 'owner');
  const bob = await app.person('bob');
  const { id, mediaId } = await publishPhoto(app, bob, 'public');
  known = {
    id: [id, String(bob.viewer.id), mediaId, '0', 'x'],
    name: ['sea'],
    tag: ['sea'],
  };
  admin = createToken(
    app.ctx,
    ada.viewer.id,
    'app',
    'read write follow push admin:read admin:write',
  );
  routes = (await app.app.door()).routes.filter(({ method, path }) => {
    return path.startsWith('/api/') && !(`${method} ${path}` in OTHERWISE);
  });
});
afterAll(() => app.close());

let count = 0;
/** Every request from another address and, now and then, another time: the rates are not what is walked. */
async function ask(path: string, how: RequestOptions = {}): Promise<Response> {
  count += 1;
  if (count % 400 === 0) app.clock.advance(6 * 60_000);
  return await app.request(path, {
    address: `2001:db8:${(count >> 8).toString(16)}:${(count & 255).toString(16)}::1`,
    ...how,
  });
}

/** What is wrong with an answer, whoever asked and whatever for. */
async function flawsOf(answer: Response): Promise<string[]> {
  const flaws: string[] = [];
  const header = (name: string) => answer.headers.get(name) ?? '';
  const text = await answer.text();
  if (answer.status === 204 || text === '') flaws.push('is empty');
  if (answer.status >= 500 && answer.status !== 503) flaws.push(`fails with ${answer.status}`);
  if (!/^application\/json(;|$)/.test(header('content-type'))) flaws.push(header('content-type'));
  if (!/^\d+$/.test(header('x-ratelimit-limit'))) flaws.push('has no limit');
  if (!/^\d+$/.test(header('x-ratelimit-remaining'))) flaws.push('has no rest');
  if (!/^\d{4}-.*T.*Z$/.test(header('x-ratelimit-reset'))) flaws.push('has no reset');
  if (header('access-control-allow-origin') !== '*') flaws.push('has no CORS');
  if (header('cache-control') !== 'private, no-store') flaws.push(header('cache-control'));
  if (!header('vary').includes('Authorization')) flaws.push(`varies by ${header('vary')}`);
  if (answer.status === 401 && header('www-authenticate') !== 'Bearer')
    flaws.push('asks for nothing');
  flaws.push(...flawsOfText(text, answer.status));
  return flaws;
}

function flawsOfText(text: string, status: number): string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return ['is no JSON'];
  }
  if (status < 400) return [];
  const { error } = json as { error?: unknown };
  return typeof error === 'string' && error !== '' ? [] : [`says ${text.slice(0, 80)}`];
}

async function walk(
  how: (method: string, path: string) => Promise<Response>,
  judge: (answer: Response) => string[] = () => [],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { method, path: pattern } of routes) {
    for (const path of addressesOf(pattern, known)) {
      const answer = await how(method, path);
      const flaws = [...judge(answer), ...(await flawsOf(answer))];
      if (flaws.length > 0)
        problems.push(`${method} ${path} (${answer.status}): ${flaws.join(', ')}`);
    }
  }
  return problems;
}

describe('every route of the API answers JSON with all its headers', () => {
  test('to a stranger', async () => {
    expect(routes.length).toBeGreaterThan(100);
    expect(await walk((method, path) => ask(path, { method }))).toEqual([]);
  });
  test('to a bad token, which is always 401 where somebody must be signed in', async () => {
    expect(await walk((method, path) => ask(path, { method, token: 'guessed' }))).toEqual([]);
  });
  test('to somebody signed in, who is never told 401 or 403', async () => {
    const signedOut = ({ status }: Response) =>
      status === 401 || status === 403 ? ['signs an app out'] : [];
    const read = (method: string, path: string) =>
      method === 'GET'
        ? ask(path, { token: admin })
        : ask(`${path}?dry=1`, { method: 'GET', token: admin });
    expect(await walk(read, signedOut)).toEqual([]);
  });
  test('with a slash at the end, an empty body that is called JSON, and words that nobody knows', async () => {
    const asApps = (method: string, path: string) =>
      ask(`${path}/?_pe=1&unknown=x&unknown=y&limit=null&max_id=0&min_id=undefined&since_id=`, {
        method: method === 'GET' ? 'GET' : 'OPTIONS',
        token: admin,
        headers: { 'content-type': 'application/json', 'x-pixelfed-app': '1' },
      });
    for (const { method, path: pattern } of routes) {
      if (method !== 'GET') continue;
      for (const path of addressesOf(pattern, known)) {
        const plain = await ask(path, { token: admin });
        const answer = await asApps(method, path);
        expect(`${path} ${answer.status}`).toBe(`${path} ${plain.status}`);
        expect(await flawsOf(answer)).toEqual([]);
        await plain.body?.cancel();
      }
    }
  });
  test('to what no route is there for', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/nothing'],
      ['POST', '/api/v1/instance'],
      ['PROPFIND', '/api/v1/statuses'],
      ['PUT', '/api/v1/timelines/home'],
      ['GET', '/api'],
      ['GET', '/api/v9/x'],
    ] as const) {
      const answer = await ask(path, { method, token: admin });
      expect(answer.status).toBe(404);
      expect(await flawsOf(answer.clone() as Response)).toEqual([]);
      expect(await answer.json()).toEqual({ error: 'Record not found' });
    }
  });
  test('to a body that is broken, too large or of no known kind', async () => {
    const send = (type: string, body: string) =>
      ask('/api/v1/statuses', {
        method: 'POST',
        token: admin,
        body,
        headers: { 'content-type': type },
      });
    for (const [type, body, status] of [
      ['application/json', '{"status":', 400],
      ['application/json', '[1]', 400],
      ['application/xml', '<a/>', 415],
      ['application/json', `{"status":"${'a'.repeat(1_100_000)}"}`, 413],
      ['multipart/form-data', 'x', 400],
    ] as const) {
      const answer = await send(type, body);
      expect(`${body.slice(0, 20)} ${answer.status}`).toBe(`${body.slice(0, 20)} ${status}`);
      expect(await flawsOf(answer)).toEqual([]);
    }
  });
  test('to one request too many', async () => {
    const address = '203.0.113.9';
    let answer = await ask('/api/v1/instance', { address });
    for (let n = 0; n < 310 && answer.status === 200; n += 1) {
      answer = await ask('/api/v1/instance', { address });
    }
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(await flawsOf(answer.clone() as Response)).toEqual([]);
    expect(await answer.json()).toEqual({ error: 'Too many requests' });
  });
});

test('every route of the API lets browsers of other sites ask first, whoever they are', async () => {
  for (const { path: pattern } of routes) {
    const [path = ''] = addressesOf(pattern, known);
    const answer = await ask(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'PUT' },
    });
    expect(answer.ok).toBe(true);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect(answer.headers.get('access-control-allow-methods')).toContain(method);
    }
    for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key']) {
      expect(answer.headers.get('access-control-allow-headers')).toContain(name);
    }
  }
});

describe('T80: what one person reads of the API', () => {
  test('is kept by no cache, and is not what a stranger gets at the same address', async () => {
    const problems: string[] = [];
    for (const { method, path: pattern } of routes) {
      if (method !== 'GET') continue;
      for (const path of addressesOf(pattern, known)) {
        for (const how of [{ token: admin }, { as: ada }, {}]) {
          const { headers } = await ask(path, how);
          const kept = headers.get('cache-control') !== 'private, no-store';
          const tagged = headers.get('etag') !== null || headers.get('last-modified') !== null;
          if (kept || tagged) problems.push(path);
        }
      }
    }
    expect(problems).toEqual([]);
  });
});

describe('lists of people', () => {
  test('name their next page as all families of apps ask for it', async () => {
    const path = `/api/v1/accounts/${ada.viewer.id}/followers`;
    for (const name of ['p1', 'p2', 'p3']) {
      const person = await app.person(name);
      await ask(`/api/v1/accounts/${ada.viewer.id}/follow`, {
        method: 'POST',
        token: person.token,
      });
    }
    const first = await ask(`${path}?limit=2&_pe=1`, { token: admin });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(next).toMatch(/\?(.*&)?limit=2&cursor=(\d+)&max_id=\2$/);
    const names = async (address: string) => {
      const answer = await ask(address, { token: admin });
      return ((await answer.json()) as { username: string }[]).map(({ username }) => username);
    };
    const { pathname, search } = new URL(next);
    expect(await names(pathname + search)).toEqual(['p1']);
    // pixelfed-rn puts the whole address into `cursor`, unescaped; Pixelix the cursor alone.
    expect(await names(`${path}?_pe=1&limit=20&cursor=${next}`)).toEqual(['p1']);
    const cursor = new URL(next).searchParams.get('cursor') ?? '';
    expect(await names(`${path}?limit=20&cursor=${cursor}`)).toEqual(['p1']);
    expect(await names(`${path}?limit=&cursor=undefined`)).toEqual(['p3', 'p2', 'p1']);
  });
});
