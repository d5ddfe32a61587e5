import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createInvite } from '#domain/accounts/invites.ts';
import { suspendAccount } from '#domain/membership/suspend.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { addressesOf, type Known, publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

/** Everything that somebody else's request could harm; counters and times of use are nobody's own. */
const TABLES: Readonly<Record<string, string>> = {
  accounts: `SELECT id AS key, username, role, display_name, bio, fields, avatar_blob, locked,
    suspended_at, deletion_at, posts_count FROM accounts`,
  logins: 'SELECT account_id AS key, * FROM logins',
  preferences: 'SELECT account_id AS key, * FROM preferences',
  sessions: 'SELECT id AS key, user_id, csrf FROM sessions',
  access_tokens: 'SELECT id AS key, account_id, token_hash, scopes FROM access_tokens',
  invites: 'SELECT id AS key, * FROM invites',
  one_time_codes: 'SELECT account_id AS key, * FROM one_time_codes',
  blobs: 'SELECT name AS key, * FROM blobs',
  usage: 'SELECT account_id AS key, * FROM usage',
  posts: `SELECT id AS key, account_id, visibility, caption, spoiler, place, licence,
    comments_disabled, media_count, edits_count, archived_at FROM posts`,
  media: 'SELECT id AS key, account_id, post_id, position, description, edits FROM media',
  settings: `SELECT key, value FROM settings WHERE key NOT LIKE 'http.%'`,
};
/** What a request says that tries everything at once. */
const BODIES: readonly RequestOptions[] = [
  { json: { status: 'stolen', role: 'owner', visibility: 'public', description: 'stolen' } },
  {
    form: {
      caption: 'stolen',
      visibility: 'public',
      licence: 'cc-by',
      role: 'owner',
      quota_gb: '1',
      'instance.name': 'stolen',
    },
  },
];
/** Ends the walker's own session, which the rest of the walk needs. */
const LAST = new Set(['/sign-out', '/settings/sessions/end-others']);

let app: TestApp;
let people: Record<'olga' | 'ada' | 'ann' | 'eve' | 'sue' | 'fay', Person>;
let posts: WalkPost[];
let known: Known;

beforeAll(async () => {
  const settings = { registration: 'invite' };
  app = await createMediaApp({ config: { rates: false }, settings });
  people = {
    olga: await app.person('olga', 'owner'),
    ada: await app.person('ada', 'admin'),
    ann: await app.person('ann'),
    eve: await app.person('eve'),
    sue: await app.person('sue'),
    fay: await app.person('fay'),
  };
  posts = [];
  for (const visibility of ['public', 'unlisted', 'private', 'direct'] as const) {
    posts.push(await publishPhoto(app, people.ann, visibility));
  }
  const { id } = people.ann.viewer;
  for (const act of ['follow', 'unfollow']) {
    const path = `/api/v1/accounts/${id}/${act}`;
    await app.request(path, { method: 'POST', token: people.fay.token });
  }
  suspendAccount(app.ctx, 'console', people.sue.viewer.id);
  createInvite(app.ctx, 'console', { uses: 3, expiresIn: null });
  const victims = [id, people.olga.viewer.id];
  const keys = (sql: string) =>
    app.ctx.db
      .query<{ key: string | number }, []>(sql)
      .all()
      .map(({ key }) => String(key));
  known = {
    id: [
      ...victims.map(String),
      ...posts.flatMap((post) => [post.id, post.mediaId]),
      ...keys(`SELECT id AS key FROM sessions WHERE user_id IN (${victims})`),
      ...keys(`SELECT id AS key FROM access_tokens WHERE account_id IN (${victims})`),
      ...keys('SELECT id AS key FROM invites'),
    ],
    name: ['ann', 'olga'],
    index: ['1'],
    act: ['suspend', 'restore', 'delete', 'quota', 'role'],
  };
});
afterAll(() => app.close());

function snapshot(): Map<string, string> {
  const rows = new Map<string, string>();
  for (const [table, sql] of Object.entries(TABLES)) {
    for (const row of app.ctx.db.query<{ key: string | number }, []>(sql).all()) {
      rows.set(`${table} ${row.key}`, JSON.stringify(row));
    }
  }
  return rows;
}

/** Rows of others that are not as they were; what the walker owns may change. */
function harmed(before: Map<string, string>, walker: Person | null): string[] {
  const after = snapshot();
  const own = (text: string) => walker !== null && text.includes(String(walker.viewer.id));
  return [...before]
    .filter(([key, row]) => after.get(key) !== row && !own(key) && !own(row))
    .map(([key]) => key);
}

async function walk(walker: Person | null, skip: (path: string) => boolean = () => false) {
  const { routes } = await app.app.door();
  const guises: RequestOptions[] =
    walker === null ? [{}, { token: 'guessed' }] : [{ as: walker }, { token: walker.token }];
  const problems: string[] = [];
  for (const { method, path: pattern } of routes) {
    if (method === 'GET' || LAST.has(pattern)) continue;
    for (const path of addressesOf(pattern, known).filter((each) => !skip(each))) {
      for (const guise of guises) {
        for (const body of BODIES) {
          const before = snapshot();
          const answer = await app.request(path, { method, ...guise, ...body });
          await answer.arrayBuffer();
          const rows = harmed(before, walker);
          if (rows.length > 0) problems.push(`${method} ${path} changed ${rows.join(', ')}`);
          if (answer.status >= 500) problems.push(`${method} ${path} answers ${answer.status}`);
        }
      }
    }
  }
  return problems;
}

describe('T64: nobody changes what is somebody else’s, whatever the route', () => {
  test('a stranger', async () => {
    expect(await walk(null)).toEqual([]);
  });
  test('a member', async () => {
    expect(await walk(people.eve)).toEqual([]);
  });
  test('a member whose follow ended', async () => {
    expect(await walk(people.fay)).toEqual([]);
  });
  test('a suspended member, by an old session or token, changes nothing at all', async () => {
    const before = snapshot();
    expect(await walk(people.sue)).toEqual([]);
    expect([...snapshot()]).toEqual([...before]);
  });
  test('an admin, outside of the admin pages', async () => {
    expect(await walk(people.ada, (path) => path.startsWith('/admin'))).toEqual([]);
  });
  test('an admin on the owner, and on the own role', async () => {
    const { ada, olga } = people;
    const rows = () => [...snapshot()].filter(([, row]) => row.includes(String(olga.viewer.id)));
    const before = rows();
    for (const id of [olga.viewer.id, ada.viewer.id]) {
      for (const act of ['suspend', 'restore', 'delete', 'quota', 'role', 'reset']) {
        for (const role of ['owner', 'member']) {
          const path = `/admin/accounts/${id}/${act}`;
          if (id === ada.viewer.id && act !== 'role') continue;
          await app.request(path, { as: ada, form: { role, quota_gb: '1' } });
        }
      }
    }
    expect(rows()).toEqual(before);
    const role = 'SELECT role FROM accounts WHERE id = ?';
    expect(app.ctx.db.query(role).get(ada.viewer.id)).toEqual({ role: 'admin' });
  });
  test('an admin’s token needs the scope, and nobody’s token opens sessions or passwords', async () => {
    const { ada, ann } = people;
    expect((await app.request('/admin/accounts', { token: ada.token })).status).toBe(403);
    for (const path of [
      '/settings/security/password',
      '/settings/security/email',
      '/settings/sessions/end-others',
      '/settings/account/delete',
    ]) {
      const answer = await app.request(path, { method: 'POST', token: ann.token, json: {} });
      expect(answer.status).toBe(403);
    }
  });
});

describe('T64: nobody reads what is not for them, whatever the route', () => {
  for (const who of ['ada', 'olga', 'eve', 'fay', 'sue'] as const) {
    test(who, async () => {
      const { routes } = await app.app.door();
      const walker = people[who];
      const problems: string[] = [];
      for (const { method, path: pattern } of routes) {
        if (method !== 'GET') continue;
        for (const path of addressesOf(pattern, known)) {
          for (const guise of [{ as: walker }, { token: walker.token }]) {
            const text = await (await app.request(path, guise)).text();
            for (const { words, mediaPaths, id } of posts.slice(2)) {
              const told = [words, ...mediaPaths].find((word) => text.includes(word));
              if (told !== undefined) problems.push(`${path} tells ${told} of ${id}`);
            }
          }
        }
      }
      for (const path of posts.slice(2).flatMap(({ mediaPaths }) => mediaPaths)) {
        for (const guise of [{ as: walker }, { token: walker.token }]) {
          const { status } = await app.request(path, guise);
          if (status !== 404) problems.push(`${path} answers ${status}`);
        }
      }
      expect(problems).toEqual([]);
    });
  }
});
