import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

// Some thousand requests, beside other tests.
setDefaultTimeout(120_000);

/** What SQL, FTS5, LIKE, GLOB and ORDER BY would read as more than words. */
const HOSTILE = [
  `' OR '1'='1`,
  `x'); DROP TABLE posts; --`,
  '1 UNION SELECT secret FROM access_tokens',
  'id; DELETE FROM accounts',
  'length(randomblob(1000000000))',
  '"',
  '*',
  '^',
  'NEAR(a b, 5)',
  'words:quokka OR quokka',
  '- quokka',
  '%',
  '_uokka',
  '[a-z]*',
  '\\',
  '$limit',
];

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' }, config: { rates: false } });
  ann = await app.person('ann', 'owner');
  post(app.ctx, ann.viewer, { caption: 'A quokka at noon #marsupial', visibility: 'self' });
});
afterAll(() => app.close());

type Reference = {
  paths: Record<string, { get?: { parameters?: { name: string; in: string }[] } }>;
};

/** Every query field that the reference knows, and those of the pages that search or sort. */
async function fields(): Promise<{ path: string; field: string }[]> {
  const answer = await app.request('/api/openapi.json', { token: ann.token });
  const { paths } = (await answer.json()) as Reference;
  const found = Object.entries(paths).flatMap(([path, { get }]) =>
    (get?.parameters ?? [])
      .filter((each) => each.in === 'query')
      .map(({ name }) => ({ path: path.replace(/\{[^}]+\}/g, '1'), field: name })),
  );
  const pages = Object.entries({
    '/search': ['q', 'type', 'page', 'after', 'max_id'],
    '/explore': ['max_id', 'page', 'after'],
    '/local': ['max_id', 'min_id'],
    '/network': ['max_id', 'min_id'],
    '/notifications': ['max_id', 'type'],
    '/messages': ['max_id', 'to'],
    '/bookmarks': ['max_id'],
    '/likes': ['max_id'],
    '/admin/accounts': ['q', 'max_id', 'role', 'state'],
    '/admin/domains': ['q', 'after', 'max_id'],
    '/admin/reports': ['state', 'max_id'],
    '/@ann': ['max_id', 'min_id'],
    '/tags/marsupial': ['max_id', 'sort'],
  }).flatMap(([path, names]) => names.map((field) => ({ path, field })));
  return [...found, ...pages];
}

/** Tables and how many rows they have; jobs and counters may change by reading. */
function tables(): string {
  const names = ['accounts', 'posts', 'access_tokens', 'logins', 'follows', 'tags'];
  return names
    .map((name) => {
      const row = app.ctx.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${name}`).get();
      return `${name} ${row?.n}`;
    })
    .join();
}

test('T83: no field of any query is more than words to the database', async () => {
  const before = tables();
  const all = await fields();
  expect(all.length).toBeGreaterThan(100);
  const broken: string[] = [];
  for (const { path, field } of all) {
    for (const text of HOSTILE) {
      const query = new URLSearchParams({ q: 'quokka', [field]: text });
      const api = path.startsWith('/api');
      const answer = await app.request(
        `${path}?${query}`,
        api ? { token: ann.token } : { as: ann },
      );
      await answer.arrayBuffer();
      if (answer.status >= 500) broken.push(`${answer.status} ${path} ${field}=${text}`);
    }
  }
  expect(broken).toEqual([]);
  expect(tables()).toBe(before);
});

test('T83: a pattern finds nothing that its words do not', async () => {
  const found = async (q: string, path: string): Promise<boolean> => {
    const answer = await app.request(`${path}${encodeURIComponent(q)}`, { token: ann.token });
    return (await answer.text()).includes('quokka at noon');
  };
  const search = '/api/v2/search?type=statuses&q=';
  expect(await found('quokka', search)).toBe(true);
  for (const q of ['%', '_uokka', 'q*a', 'quok?a', '"', 'NEAR(quokka noon)', '^oon', '[a-z]*']) {
    expect([q, await found(q, search)]).toEqual([q, false]);
  }
  for (const q of ['%', '_nn', 'a%', '*', '']) {
    const answer = await app.request(`/api/v2/admin/accounts?username=${encodeURIComponent(q)}`, {
      as: ann,
    });
    const text = await answer.text();
    if (q !== '') expect([q, text.includes('"ann"')]).toEqual([q, false]);
  }
});
