import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openAddresses } from '#doors/http/gate.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { addressesOf, type Known, publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

// Every route of the table, several times over.
setDefaultTimeout(60_000);

/**
 * All that a stranger gets of a closed instance. A new route needs no entry: it is walked, and must
 * be refused. Who adds one here says why.
 */
const OPEN: Readonly<Record<string, string>> = {
  'GET /sign-in': 'how members get in',
  'POST /sign-in': 'how members get in',
  'GET /setup': 'makes the owner with a one-time code; closed for ever afterwards',
  'POST /setup': 'the same',
  'GET /join/*': 'invite links let a family in; worthless without the token',
  'POST /join/*': 'the same',
  'GET /reset/*': 'a forgotten password; needs the one-time token',
  'POST /reset/*': 'the same',
  'GET /media/as/*': 'pictures for apps of members; need the key of a token',
  'GET /.well-known/acme-challenge/*': 'the certificate authority asks here',
  'POST /api/v1/apps': 'apps of members say who they are; gives no access',
  'GET /api/v1/apps/verify_credentials': 'an app with a token reads what it said itself',
  'GET /api/nodeinfo/2.0.json': 'the Pixelfed app asks here if it may sign in; no name, no number',
  'GET /api/v2/instance':
    'apps ask what the software can; a stranger is told no name and no number',
  'GET /oauth/authorize': 'leads to the sign-in and back; asks who it is first',
  'POST /oauth/token': 'a member’s permission becomes a token; needs code and secret',
  'POST /oauth/revoke': 'an app gives its token back; needs its secret',
  'GET /.well-known/oauth-authorization-server': 'addresses alone',
};
/**
 * What else is open once the owner of a family lets it speak with other servers; without that these
 * are walked like everything else. What they tell is the business of `test/federation`.
 */
const FEDERATION: readonly string[] = [
  'GET /.well-known/webfinger',
  'GET /.well-known/host-meta',
  'GET /.well-known/host-meta.json',
  'GET /.well-known/nodeinfo',
  'GET /nodeinfo/*',
  'GET /actor',
  'GET /actor/*',
  'POST /actor/*',
  'GET /users/*',
  'POST /users/*',
  'POST /inbox',
  'GET /media/shared/*',
];
/** Answered before the gate, not routes: the list of the short path. */
const EARLY: Readonly<Record<string, string>> = {
  '/livez': 'health: the process turns',
  '/readyz': 'health: it can work; says ok or not, no names',
  '/robots.txt': 'asks crawlers to stay away',
  '/favicon.ico': 'embedded asset',
  '/manifest.webmanifest': 'embedded asset',
};

const GUISES: readonly RequestOptions[] = [
  {},
  { token: 'guessed' },
  { headers: { cookie: 'session=guessed' } },
  { headers: { accept: 'application/json' } },
  { headers: { accept: 'application/activity+json' } },
  { headers: { accept: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"' } },
];

const VISIBILITIES = ['public', 'unlisted', 'private', 'direct'] as const;

type World = { app: TestApp; anna: Person; posts: WalkPost[]; known: Known };
async function createWorld(mode: string, federation: 'off' | 'open' = 'off'): Promise<World> {
  const origin = federation === 'off' ? null : 'https://photos.example';
  const settings = { mode, 'federation.with': federation };
  const app = await createMediaApp({ settings, config: { rates: false, origin } });
  const anna = await app.person('anna', 'owner');
  await app.person('ben');
  const posts: WalkPost[] = [];
  for (const visibility of VISIBILITIES) posts.push(await publishPhoto(app, anna, visibility));
  const ids = posts.flatMap(({ id, mediaId }) => [id, mediaId]);
  const known = {
    id: [String(anna.viewer.id), ...ids],
    name: ['anna', 'anna.atom', 'nobody'],
    username: ['anna'],
    index: ['1'],
    token: ['x'],
    act: ['suspend'],
    start: ['0', '1'],
  };
  return { app, anna, posts, known };
}

function matches(open: string, method: string, path: string): boolean {
  const [openMethod, pattern = ''] = open.split(' ');
  if (openMethod !== method) return false;
  return pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

describe('T79: a stranger at a closed instance', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld('family');
  });
  afterAll(() => world.app.close());

  test('finds the list of this test and nothing else, at every route of the table', async () => {
    const { app, posts, known } = world;
    const { routes } = await app.app.door();
    expect(routes.length).toBeGreaterThan(60);
    const problems: string[] = [];
    for (const { method, path: pattern } of routes) {
      for (const path of addressesOf(pattern, known)) {
        const open = Object.keys(OPEN).some((each) => matches(each, method, path));
        for (const guise of GUISES) {
          const answer = await app.request(path, { method, ...guise });
          const text = await answer.text();
          const told = [...posts.map(({ words }) => words), 'anna'].filter((word) =>
            text.includes(word),
          );
          if (told.length > 0) problems.push(`${method} ${path} tells ${told.join(', ')}`);
          if (!open && !isRefusal(answer, text)) {
            problems.push(`${method} ${path} answers ${answer.status}`);
          }
        }
      }
    }
    expect(problems).toEqual([]);
  });
  test('gets no photo: every file on the disk and every address that a member was told', async () => {
    const { app, posts } = world;
    const shape = async (path: string, guise: RequestOptions) => {
      const answer = await app.request(path, guise);
      const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id');
      return JSON.stringify([answer.status, headers.sort(), await answer.text()]);
    };
    const local = join(app.ctx.config.data, 'media', 'local');
    const files = readdirSync(local, { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map(({ name }) => `/media/${name}`);
    const paths = [...names, ...posts.flatMap(({ mediaPaths }) => mediaPaths)];
    expect(names.length).toBeGreaterThan(10);
    for (const guise of GUISES) {
      const missing = await shape(`/media/${'a'.repeat(26)}.jpg`, guise);
      expect(missing).toStartWith('[404');
      for (const path of paths) expect(await shape(path, guise)).toBe(missing);
    }
  });
  test('learns as little from HEAD, slashes and methods that no route has', async () => {
    const { app, known } = world;
    const { routes } = await app.app.door();
    for (const { path: pattern } of routes) {
      const [path = '/'] = addressesOf(pattern, known);
      if (Object.keys(OPEN).some((each) => matches(each, 'GET', path))) continue;
      for (const [method, address] of [
        ['HEAD', path],
        ['GET', path === '/' ? '/?' : `${path}/`],
        ['PUT', path],
        ['PROPFIND', path],
      ] as const) {
        const answer = await app.request(address, { method });
        const text = method === 'HEAD' ? '' : await answer.text();
        expect(`${method} ${address} ${isRefusal(answer, text)}`).toBe(`${method} ${address} true`);
      }
    }
  });
  test('finds no names where everybody is answered', async () => {
    for (const path of Object.keys(EARLY)) {
      const text = await (await world.app.request(path)).text();
      expect(text).not.toContain('anna');
    }
  });
  test('is met by the list that the gate keeps, entry by entry', () => {
    const kept = openAddresses.flatMap(({ methods, path }) =>
      methods.map((method) => `${method} ${path}`),
    );
    expect(kept.sort()).toEqual([...Object.keys(OPEN), ...FEDERATION].sort());
    const spoken = openAddresses.filter(({ federation }) => federation === true);
    expect(spoken.flatMap(({ methods }) => methods).length).toBe(FEDERATION.length);
  });
  test('is the only one who is refused: a member reads the same addresses', async () => {
    const { app, anna, posts } = world;
    const seen = await (await app.request('/', { as: anna })).text();
    expect(seen).toContain(posts[0]?.words ?? '?');
    for (const { id, mediaPaths } of posts) {
      expect((await app.request(`/@anna/${id}`, { as: anna })).status).toBe(200);
      const [photo = ''] = mediaPaths;
      expect((await app.request(photo, { as: anna })).status).toBe(200);
    }
  });
});

const UNAUTHORIZED = '{"error":"The access token is invalid"}';

/** Sent to the sign-in, or told that the token is bad: nothing about what is there. */
function isRefusal(answer: Response, text: string): boolean {
  if (answer.status === 303) {
    return text === '' && /^\/sign-in(\?|$)/.test(answer.headers.get('location') ?? '');
  }
  return answer.status === 401 && (text === '' || text === UNAUTHORIZED);
}

describe('T79: a stranger at a closed instance that speaks with other servers', () => {
  test('is told no more than the gate lets servers ask for, and of nobody', async () => {
    const { app, known, posts } = await createWorld('family', 'open');
    const { routes } = await app.app.door();
    const listed = [...Object.keys(OPEN), ...FEDERATION];
    const problems: string[] = [];
    for (const { method, path: pattern } of routes) {
      for (const path of addressesOf(pattern, known)) {
        const open = listed.some((each) => matches(each, method, path));
        for (const guise of GUISES) {
          const answer = await app.request(path, { method, ...guise });
          const text = await answer.text();
          const told = [...posts.map(({ words }) => words), 'anna'].filter((word) =>
            text.includes(word),
          );
          if (told.length > 0) problems.push(`${method} ${path} tells ${told.join(', ')}`);
          if (!open && !isRefusal(answer, text)) {
            problems.push(`${method} ${path} answers ${answer.status}`);
          }
        }
      }
    }
    expect(problems).toEqual([]);
    for (const { mediaPaths } of posts) {
      for (const path of mediaPaths) expect((await app.request(path)).status).toBe(404);
    }
    await app.close();
  });
});

describe.each(['off', 'open'] as const)(
  'T79: a stranger at an open instance, federation %s',
  (federation) => {
    test('reads nothing of posts that are not public, at every route of the table', async () => {
      const { app, known, posts } = await createWorld('solo', federation);
      const { routes } = await app.app.door();
      const hidden = posts.slice(2);
      const problems: string[] = [];
      for (const { method, path: pattern } of routes) {
        if (method !== 'GET') continue;
        for (const path of addressesOf(pattern, known)) {
          for (const guise of GUISES) {
            const text = await (await app.request(path, guise)).text();
            for (const { id, words, mediaPaths } of hidden) {
              const told = [words, ...mediaPaths].find((word) => text.includes(word));
              if (told !== undefined) problems.push(`${path} tells ${told} of ${id}`);
            }
          }
        }
      }
      expect(problems).toEqual([]);
      for (const { mediaPaths } of hidden) {
        for (const path of mediaPaths) expect((await app.request(path)).status).toBe(404);
      }
      const [open] = posts;
      expect(await (await app.request('/@anna')).text()).toContain(open?.mediaPaths[0] ?? '?');
      await app.close();
    });
  },
);
