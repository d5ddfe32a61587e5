import type { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createToken } from '#domain/accounts/tokens.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { addressesOf, publishPhoto } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

setDefaultTimeout(60_000);

/**
 * What each write route of the API reads, by its address; every field is sent alone, as long as a
 * body may be, beside what else the route needs. A route that no row names fails the test.
 */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/\/api\/v1\/apps$/, 'client_name redirect_uris scopes website'],
  [
    /\/api\/v1\/statuses/,
    'status spoiler_text language visibility place license scheduled_at media_ids[] poll[options][] quote_id comment idempotency_key tintype_visibility',
  ],
  [/\/api\/v[12]\/media/, 'description focus thumbnail license filter_name'],
  [
    /update_credentials|\/api\/v1\/profile/,
    'display_name note website location pronouns license avatar header fields_attributes[0][name] fields_attributes[0][value] source[privacy] source[language]',
  ],
  [/\/accounts\/:id\/note/, 'comment'],
  [/\/accounts\/:id\/(follow|mute)$/, 'languages[] duration notifications reblogs'],
  [/\/api\/v1\/accounts$/, 'username email password reason locale'],
  [/\/accounts\//, 'comment id reason'],
  [/report/, 'comment category object_type report_type status_ids[] rule_ids[]'],
  [/\/lists/, 'title replies_policy account_ids[]'],
  [
    /\/filters/,
    'title phrase keyword context[] filter_action expires_in keywords_attributes[0][keyword] status_id',
  ],
  [/domain_(blocks|allows)/, 'domain severity public_comment private_comment'],
  [/featured_tags/, 'name'],
  [/\/tags\/:/, 'name'],
  [/\/archive\//, 'id'],
  [/scheduled_statuses/, 'scheduled_at'],
  [/markers/, 'home[last_read_id] notifications[last_read_id] home[version]'],
  [/push/, 'subscription[endpoint] subscription[keys][p256dh] subscription[keys][auth] policy'],
  [/notifications|conversations|follow_requests|suggestions/, 'id types[] for_not_following'],
  [/\/direct\//, 'message type to_id id'],
  [/app\/settings/, 'common[appearance][theme] common[x]'],
  [/\/admin\/accounts/, 'type text report_id'],
  [/\/polls/, 'choices[]'],
];
/** What a route needs besides the field that is sent. */
const NEEDED = {
  status: 'words',
  client_name: 'x',
  redirect_uris: 'https://x.example/',
  title: 'x',
  phrase: 'x',
  keyword: 'x',
  context: ['home'],
  domain: 'x.example',
  severity: 'silence',
  message: 'x',
  type: 'none',
  name: 'x',
  object_type: 'user',
  report_type: 'spam',
  scheduled_at: '2099-01-01T00:00:00Z',
  comment: 'x',
  data: {},
};
/** Bytes of a field that just fits into a body, and of one that does not. */
const FITS = 990_000;
const MEGABYTE = 1_000_000;
/** Characters; nothing that anybody may write is longer. */
const LONGEST = 10_000;

let app: TestApp;
let ada: Person;
let token: string;
let id: string;
beforeAll(async () => {
  app = await createMediaApp({
    settings: { mode: 'community' },
    config: { rates: false, origin: 'https://photos.example' },
  });
  ada = await app.person('ada', 'owner');
  const bob = await app.person('bob');
  await publishPhoto(app, ada, 'public');
  id = String(bob.viewer.id);
  token = createToken(app.ctx, ada.viewer.id, 'x', 'read write follow push admin:read admin:write');
});
afterAll(() => app.close());

async function writeRoutes() {
  const { routes } = await app.app.door();
  return routes.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'));
}

function fieldsOf(path: string): string[] | null {
  return FIELDS.find(([pattern]) => pattern.test(path))?.[1].split(' ') ?? null;
}

/** `a[b][]` as JSON nests it, and with everything else that is needed. */
function body(field: string, value: string): string {
  const [first = '', ...rest] = field
    .split(/\]\[|\[|\]/)
    .filter((part, at) => at === 0 || part !== '');
  const list = field.endsWith('[]');
  const inner = [...rest]
    .reverse()
    .reduce<unknown>((made, key) => ({ [key]: made }), list ? [value] : value);
  return JSON.stringify({ ...NEEDED, [first]: inner });
}

describe('T100: a megabyte in a field', () => {
  test('is refused or cut by every write route, for every field that it reads', async () => {
    const problems: string[] = [];
    const long = 'ä'.repeat(FITS / 2);
    for (const { method, path: pattern } of await writeRoutes()) {
      const fields = fieldsOf(pattern);
      if (fields === null) {
        problems.push(`${method} ${pattern} is in no row`);
        continue;
      }
      const [path = ''] = addressesOf(pattern, { id: [id], name: ['sea'] });
      for (const field of fields) {
        const answer = await app.request(path, {
          method,
          token,
          body: body(field, long),
          headers: { 'content-type': 'application/json' },
        });
        const text = await answer.text();
        if (answer.status >= 500) problems.push(`${method} ${path} ${field}: ${answer.status}`);
        if (text.length > 60_000) problems.push(`${method} ${path} ${field}: says ${text.length}`);
      }
    }
    expect(problems).toEqual([]);
    expect(longTexts(app.ctx.db)).toEqual([]);
  }, 60_000);

  test('is more than a body may hold, in every encoding and in the query', async () => {
    const long = 'a'.repeat(MEGABYTE);
    const form = new FormData();
    form.append('display_name', long);
    const path = '/api/v1/accounts/update_credentials';
    for (const how of [
      { json: { note: long } },
      { body: new URLSearchParams({ note: long }) },
      { body: form },
    ]) {
      expect((await app.request(path, { method: 'PATCH', token, ...how })).status).toBe(413);
    }
    const query = await app.request(`${path}?note=${'a'.repeat(20_000)}`, {
      method: 'PATCH',
      token,
    });
    expect(query.status).toBe(400);
    expect(longTexts(app.ctx.db)).toEqual([]);
  });

  test('as a name, an id or a key is refused without being read', async () => {
    const long = 'a'.repeat(100_000);
    const json = { method: 'PATCH', token, headers: { 'content-type': 'application/json' } };
    for (const text of [JSON.stringify({ [long]: 'x' }), JSON.stringify({ [`a[${long}]`]: 'x' })]) {
      const answer = await app.request('/api/v1/accounts/update_credentials', {
        ...json,
        body: text,
      });
      expect(answer.status).toBeLessThan(500);
    }
    const key = { 'idempotency-key': 'k'.repeat(5000) };
    const keyed = await app.request('/api/v1/statuses', {
      token,
      json: { status: 'x' },
      headers: key,
    });
    expect(keyed.status).toBe(422);
    expect(longTexts(app.ctx.db)).toEqual([]);
  });
});

/** Every text of the database that is longer than anybody may write. */
function longTexts(db: Database): string[] {
  const tables = db
    .query<{ name: string }, []>(
      `SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'`,
    )
    .all();
  return tables.flatMap(({ name }) => {
    if (name.startsWith('sqlite_')) return [];
    const columns = db
      .query<{ name: string }, { name: string }>(
        `SELECT name FROM pragma_table_info($name) WHERE type = 'TEXT'`,
      )
      .all({ name });
    return columns.flatMap((column) => {
      const longest = db
        .query<{ n: number | null }, []>(`SELECT max(length("${column.name}")) AS n FROM "${name}"`)
        .get();
      const allowed = name === 'signing_keys' || name === 'jobs' ? 100_000 : LONGEST;
      return (longest?.n ?? 0) > allowed ? [`${name}.${column.name}: ${longest?.n}`] : [];
    });
  });
}
