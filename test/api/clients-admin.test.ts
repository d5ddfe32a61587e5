import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { updateRole } from '#domain/accounts/queries.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { createTestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ada: Person;
let max: Person;
let mia: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({
    settings: { mode: 'community' },
    config: { rates: false, origin: 'https://photos.example' },
  });
  ada = await app.person('ada', 'owner');
  max = await app.person('max', 'admin');
  mia = await app.person('mia', 'admin');
  bob = await app.person('bob');
});
afterAll(() => app.close());

const ALL = 'read write admin:read admin:write';
const tokenOf = (who: Person, scopes = ALL) => createToken(app.ctx, who.viewer.id, 'admin', scopes);
async function ask<T = Record<string, unknown>>(
  path: string,
  who: Person | string,
  how: RequestOptions = {},
) {
  const token = typeof who === 'string' ? who : tokenOf(who);
  const answer = await app.request(path, { token, ...how });
  expect(answer.headers.get('content-type')).toStartWith('application/json');
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
  const link = answer.headers.get('link') ?? '';
  return { status: answer.status, link, json: (await answer.json()) as T };
}
const POST = { method: 'POST' } as const;

const ROUTES: readonly (readonly [string, string])[] = [
  ['GET', '/api/v1/admin/accounts'],
  ['GET', '/api/v2/admin/accounts'],
  ['GET', '/api/v1/admin/accounts/:bob'],
  ['POST', '/api/v1/admin/accounts/:bob/action'],
  ['POST', '/api/v1/admin/accounts/:bob/unsuspend'],
  ['POST', '/api/v1/admin/accounts/:bob/unsilence'],
  ['DELETE', '/api/v1/admin/accounts/:bob'],
  ['GET', '/api/v1/admin/reports'],
  ['GET', '/api/v1/admin/reports/1'],
  ['POST', '/api/v1/admin/reports/1/resolve'],
  ['POST', '/api/v1/admin/reports/1/reopen'],
  ['GET', '/api/v1/admin/domain_blocks'],
  ['POST', '/api/v1/admin/domain_blocks'],
  ['GET', '/api/v1/admin/domain_blocks/1'],
  ['PUT', '/api/v1/admin/domain_blocks/1'],
  ['DELETE', '/api/v1/admin/domain_blocks/1'],
  ['GET', '/api/v1/admin/domain_allows'],
  ['POST', '/api/v1/admin/domain_allows'],
  ['GET', '/api/v1/admin/domain_allows/1'],
  ['DELETE', '/api/v1/admin/domain_allows/1'],
];

describe('T98: the admin API', () => {
  test('is nothing for strangers, members, and tokens without its scope, at every route', async () => {
    const { routes } = await app.app.door();
    const known = routes.filter(({ path }) => /^\/api\/v\d\/admin\//.test(path));
    expect(known.length).toBe(ROUTES.length);
    const member = tokenOf(bob);
    const narrow = tokenOf(max, 'read write follow push');
    const other = tokenOf(max, 'admin:read:ip_blocks admin:write:ip_blocks');
    const reader = tokenOf(max, 'admin:read');
    const json = { type: 'suspend', domain: 'bad.example', severity: 'suspend' };
    for (const [method, pattern] of ROUTES) {
      const path = pattern.replace(':bob', String(bob.viewer.id));
      const how = { method, ...(method === 'GET' ? {} : { json }) };
      expect((await app.request(path, how)).status).toBe(401);
      for (const token of [member, narrow, other]) {
        expect((await ask(path, token, how)).status).toBe(403);
      }
      if (method !== 'GET') expect((await ask(path, reader, how)).status).toBe(403);
    }
    const { json: rules } = await ask<unknown[]>('/api/v1/admin/domain_blocks', ada);
    expect(rules).toEqual([]);
    const row = await ask<{ suspended: boolean }>(`/api/v1/admin/accounts/${bob.viewer.id}`, ada);
    expect(row.json.suspended).toBe(false);
  });

  test('reads the role with every request: who was an admin a moment ago is none now', async () => {
    const token = tokenOf(mia);
    expect((await ask('/api/v1/admin/accounts', token)).status).toBe(200);
    updateRole(app.ctx.db, mia.viewer.id, 'member');
    expect((await ask('/api/v1/admin/accounts', token)).status).toBe(403);
    const page = await app.request('/api/v1/admin/accounts', {
      headers: { cookie: `__Host-${mia.cookie}` },
    });
    expect(page.status).toBe(403);
    updateRole(app.ctx.db, mia.viewer.id, 'admin');
    expect((await ask('/api/v1/admin/accounts', token)).status).toBe(200);
  });

  test('ends for an admin who is suspended or deleted', async () => {
    const gone = await app.person('gone', 'admin');
    const token = tokenOf(gone);
    const path = `/api/v1/admin/accounts/${gone.viewer.id}`;
    expect((await ask(path, token)).status).toBe(200);
    await ask(`${path}/action`, ada, { json: { type: 'suspend' } });
    expect((await ask(path, token)).status).toBe(401);
    expect((await ask(path, ada, { method: 'DELETE' })).status).toBe(200);
    expect((await ask('/api/v1/admin/accounts', token)).status).toBe(401);
    const cookie = await app.request('/api/v1/admin/accounts', {
      headers: { cookie: `__Host-${gone.cookie}` },
    });
    expect(cookie.status).toBe(401);
  });

  test('lets admins do nothing to the owner, to each other or to themselves', async () => {
    const matrix: [Person, Person, number][] = [
      [max, ada, 422],
      [max, mia, 422],
      [max, max, 422],
      [ada, ada, 422],
      [max, bob, 200],
      [ada, mia, 200],
    ];
    for (const [who, whom, status] of matrix) {
      const path = `/api/v1/admin/accounts/${whom.viewer.id}`;
      const done = await ask(`${path}/action`, who, { json: { type: 'suspend' } });
      expect(`${who.viewer.username} ${whom.viewer.username} ${done.status}`).toBe(
        `${who.viewer.username} ${whom.viewer.username} ${status}`,
      );
      const { json } = await ask<{ suspended: boolean }>(path, ada);
      expect(json.suspended).toBe(status === 200);
      if (status !== 200) continue;
      const back = await ask<{ suspended: boolean }>(`${path}/unsuspend`, ada, POST);
      expect(back.json.suspended).toBe(false);
    }
  });
});

describe('accounts', () => {
  test('are found by what admins know of them, in both versions of the list', async () => {
    type Row = {
      username: string;
      email: string;
      role: { name: string };
      account: { acct: string };
    };
    const names = async (query: string, version = 1) =>
      (await ask<Row[]>(`/api/v${version}/admin/accounts?${query}`, ada)).json
        .map(({ username }) => username)
        .sort();
    expect(await names('username=BO')).toEqual(['bob']);
    expect(await names('email=max@')).toEqual(['max']);
    expect(await names('staff=true&local=true')).not.toContain('bob');
    expect(await names('permissions=staff&origin=local', 2)).not.toContain('bob');
    expect(await names('remote=true')).toEqual([]);
    expect(await names('pending=true')).toEqual([]);
    expect(await names('status=disabled', 2)).toEqual([]);
    expect(await names('ip=127.0.0.1')).toEqual([]);
    const { json } = await ask<Row>(`/api/v1/admin/accounts/${bob.viewer.id}`, ada);
    expect(json).toMatchObject({ email: 'bob@example.org', username: 'bob' });
    expect(json.account.acct).toBe('bob');
    expect((await ask('/api/v1/admin/accounts/1', ada)).status).toBe(404);
  });
  test('that are silenced leave the public lists, and come back', async () => {
    const { id } = post(app.ctx, bob.viewer);
    const seen = async () =>
      (await ask<{ id: string }[]>('/api/v1/timelines/public', max)).json.map((each) => each.id);
    expect(await seen()).toContain(String(id));
    const path = `/api/v1/admin/accounts/${bob.viewer.id}`;
    await ask(`${path}/action`, max, { json: { type: 'silence' } });
    expect(await seen()).not.toContain(String(id));
    const silenced = await ask<{ username: string }[]>('/api/v1/admin/accounts?silenced=1', max);
    expect(silenced.json.map(({ username }) => username)).toEqual(['bob']);
    const back = await ask<{ silenced: boolean }>(`${path}/unsilence`, max, POST);
    expect(back.json.silenced).toBe(false);
    expect(await seen()).toContain(String(id));
    for (const type of ['disable', 'sensitive', 'nonsense']) {
      expect((await ask(`${path}/action`, max, { json: { type } })).status).toBe(422);
    }
  });
  test('are deleted in two steps', async () => {
    const eve = await app.person('eve');
    const path = `/api/v1/admin/accounts/${eve.viewer.id}`;
    expect((await ask(path, max, { method: 'DELETE' })).status).toBe(422);
    await ask(`${path}/action`, max, { json: { type: 'suspend' } });
    expect((await ask(path, max, { method: 'DELETE' })).status).toBe(200);
    expect((await ask('/api/v1/accounts/verify_credentials', eve.token)).status).toBe(401);
  });
});

describe('reports', () => {
  test('are read, resolved and opened again, with the posts that they name', async () => {
    type Report = {
      id: string;
      action_taken: boolean;
      statuses: { id: string }[];
      account: { username: string };
      target_account: { username: string };
    };
    const { id } = post(app.ctx, bob.viewer);
    const json = { account_id: String(bob.viewer.id), status_ids: [String(id)], category: 'spam' };
    const made = await ask<{ id: string }>('/api/v1/reports', mia, { json });
    const path = `/api/v1/admin/reports/${made.json.id}`;
    const one = await ask<Report>(path, max);
    expect(one.json).toMatchObject({
      action_taken: false,
      account: { username: 'mia' },
      target_account: { username: 'bob' },
    });
    expect(one.json.statuses.map((status) => status.id)).toEqual([String(id)]);
    const listed = async (query = '') =>
      (await ask<Report[]>(`/api/v1/admin/reports?${query}`, max)).json.map((row) => row.id);
    expect(await listed()).toEqual([made.json.id]);
    expect(await listed('resolved=true')).toEqual([]);
    expect(await listed(`target_account_id=${ada.viewer.id}`)).toEqual([]);
    // A page of those that are meant, not what is left of a page of all.
    const other = { account_id: String(mia.viewer.id), category: 'other', comment: 'Rude' };
    await ask('/api/v1/reports', bob, { json: other });
    const about = `target_account_id=${bob.viewer.id}&limit=1`;
    expect(await listed(about)).toEqual([made.json.id]);
    expect(await listed(`account_id=${mia.viewer.id}&limit=1`)).toEqual([made.json.id]);
    expect(await listed('target_account_id=nobody')).toEqual([]);
    await ask(`/api/v1/admin/reports/${(await listed('limit=1'))[0]}/resolve`, max, POST);
    expect((await ask<Report>(`${path}/resolve`, max, POST)).json.action_taken).toBe(true);
    expect(await listed('resolved=true')).toContain(made.json.id);
    expect((await ask<Report>(`${path}/reopen`, max, POST)).json.action_taken).toBe(false);
    const action = { type: 'none', report_id: made.json.id };
    const accountPath = `/api/v1/admin/accounts/${bob.viewer.id}/action`;
    expect((await ask(accountPath, max, { json: action })).json).toEqual({});
    expect(await listed()).toEqual([]);
    expect((await ask('/api/v1/admin/reports/1', max)).status).toBe(404);
  });
});

describe('domains', () => {
  type Block = { id: string; domain: string; severity: string; public_comment: string };
  const add = (json: unknown) => ask<Block>('/api/v1/admin/domain_blocks', max, { json });
  test('are blocked, limited and freed, and members read why', async () => {
    const made = await add({
      domain: 'Bad.example',
      severity: 'suspend',
      public_comment: 'spam',
      private_comment: 'inside',
    });
    expect(made.json).toMatchObject({ domain: 'bad.example', severity: 'suspend' });
    expect(made.json.id).toMatch(/^\d{1,15}$/);
    const path = `/api/v1/admin/domain_blocks/${made.json.id}`;
    expect((await add({ domain: 'bad.example' })).status).toBe(422);
    const changed = await ask<Block>(path, max, { method: 'PUT', json: { severity: 'silence' } });
    expect(changed.json).toMatchObject({ severity: 'silence', public_comment: 'spam' });
    const told = await ask<Record<string, string>[]>('/api/v1/instance/domain_blocks', bob);
    expect(told.json).toHaveLength(1);
    expect(told.json[0]).toMatchObject({ domain: 'bad.example', comment: 'spam' });
    expect(JSON.stringify(told.json)).not.toContain('inside');
    expect((await app.request('/api/v1/instance/domain_blocks')).status).toBe(401);
    expect((await ask(path, max, { method: 'DELETE' })).json).toEqual({});
    expect((await ask(path, max)).status).toBe(404);
  });
  test('that cannot be are refused', async () => {
    for (const domain of ['', 'not a domain', 'photos.example', 'a'.repeat(4000), '../x']) {
      expect((await add({ domain, severity: 'suspend' })).status).toBe(422);
    }
    expect((await add({ domain: 'x.example', severity: 'noop' })).status).toBe(422);
  });
  test('are allowed, in a list of their own', async () => {
    const path = '/api/v1/admin/domain_allows';
    const made = await ask<Block>(path, max, { json: { domain: 'good.example' } });
    expect((await ask<Block[]>('/api/v1/admin/domain_blocks', max)).json).toEqual([]);
    expect((await ask<Block[]>(path, max)).json.map(({ domain }) => domain)).toEqual([
      'good.example',
    ]);
    expect((await ask(`/api/v1/admin/domain_blocks/${made.json.id}`, max)).status).toBe(404);
    expect((await ask(`${path}/${made.json.id}`, max, { method: 'DELETE' })).status).toBe(200);
  });
  test('are paged to their end', async () => {
    for (let n = 0; n < 5; n += 1) await add({ domain: `s${n}.example`, severity: 'suspend' });
    const seen: string[] = [];
    let path = '/api/v1/admin/domain_blocks?limit=2';
    for (let round = 0; round < 9 && path !== ''; round += 1) {
      const { json, link } = await ask<Block[]>(path, max);
      seen.push(...json.map(({ domain }) => domain));
      path = /<https:\/\/photos\.example([^>]+)>; rel="next"/.exec(link)?.[1] ?? '';
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((n) => `s${n}.example`));
  });
});
