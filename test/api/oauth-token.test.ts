import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createTestApp } from '#test/harness/app.ts';
import { challengeOf, codeOf, letIn, registerApp, type TestClient } from './oauth-client.ts';

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp({ config: { rates: false, origin: 'https://photos.example.org' } });
  const person = await app.person('ann', 'owner');
  ann = { ...person, cookie: `__Host-${person.cookie}` };
});
afterAll(() => app.close());

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const REDIRECT = 'https://client.example/back';

describe('an app fetches its token', () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await registerApp(app, { redirect: REDIRECT, scopes: 'read write follow push' });
  });

  test('with all six fields, and asks in vain for more than it was given', async () => {
    const code = codeOf(await client.decide(ann, 'allow', { scope: 'read write' }));
    const scope = 'read write follow push admin:read admin:write';
    const answer = await client.exchange(code, { scope });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const token = await json(answer);
    expect(Object.keys(token).sort()).toEqual(
      ['access_token', 'created_at', 'expires_in', 'refresh_token', 'scope', 'token_type'].sort(),
    );
    expect(token).toMatchObject({
      token_type: 'Bearer',
      scope: 'read write',
      expires_in: 31_536_000,
    });
    expect(Math.abs(Number(token.created_at) - app.clock.now() / 1000)).toBeLessThan(5);
    const me = await app.request('/api/v1/accounts/verify_credentials', {
      token: String(token.access_token),
    });
    expect(await json(me)).toMatchObject({ username: 'ann' });
    const stored = JSON.stringify(app.ctx.db.query('SELECT * FROM access_tokens').all());
    expect(stored).not.toContain(String(token.access_token));
    expect(stored).not.toContain(String(token.refresh_token));
  });

  const ways: Record<string, (fields: Record<string, string>) => Promise<Response>> = {
    'a form': (fields) => app.request('/oauth/token', { body: new URLSearchParams(fields) }),
    multipart: (fields) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      return app.request('/oauth/token', { body: form });
    },
    JSON: (fields) => app.request('/oauth/token', { json: fields }),
    'the query': (fields) =>
      app.request(`/oauth/token?${new URLSearchParams(fields)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      }),
    Basic: ({ client_id, client_secret, ...fields }) =>
      app.request('/oauth/token', {
        body: new URLSearchParams(fields),
        headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
      }),
  };
  for (const [how, send] of Object.entries(ways)) {
    test(`by ${how}`, async () => {
      const code = codeOf(await client.decide(ann, 'allow'));
      const answer = await send({
        grant_type: 'authorization_code',
        client_id: client.id,
        client_secret: client.secret,
        redirect_uri: REDIRECT,
        code,
      });
      expect(await json(answer)).toMatchObject({
        token_type: 'Bearer',
        scope: 'read write follow push',
      });
    });
  }

  test('and is told what is wrong in the words of RFC 6749', async () => {
    const { id: client_id, secret: client_secret } = client;
    const right = { grant_type: 'authorization_code', client_id, client_secret };
    const table: [Record<string, string>, number, string][] = [
      [{ ...right, code: 'wrong', redirect_uri: REDIRECT }, 400, 'invalid_grant'],
      [{ ...right }, 400, 'invalid_request'],
      [{ client_id, client_secret }, 400, 'invalid_request'],
      [{ ...right, grant_type: 'password' }, 400, 'unsupported_grant_type'],
      [{ grant_type: 'password', username: 'ann', password: 'x' }, 400, 'unsupported_grant_type'],
      [{ ...right, grant_type: 'implicit' }, 400, 'unsupported_grant_type'],
      [{ ...right, client_secret: 'wrong' }, 401, 'invalid_client'],
      [{ ...right, client_id: 'unknown' }, 401, 'invalid_client'],
      [{ grant_type: 'authorization_code', client_id, code: 'x' }, 401, 'invalid_client'],
      [{ ...right, grant_type: 'refresh_token' }, 400, 'invalid_request'],
      [{ ...right, grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant'],
      [{ ...right, grant_type: 'client_credentials', scope: 'admin:read' }, 400, 'invalid_scope'],
      [{ ...right, grant_type: 'client_credentials', scope: 'no' }, 400, 'invalid_scope'],
    ];
    for (const [fields, status, error] of table) {
      const answer = await app.request('/oauth/token', { json: fields });
      const said = await json(answer);
      expect([answer.status, said.error]).toEqual([status, error]);
      expect(Object.keys(said)).toEqual(['error', 'error_description']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('www-authenticate')).toBe(null);
    }
    const broken = await app.request('/oauth/token', {
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, (await json(broken)).error]).toEqual([400, 'invalid_request']);
    const basic = await app.request('/oauth/token', {
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: `Basic ${btoa('a:b')}` },
    });
    expect(basic.headers.get('www-authenticate')).toStartWith('Basic');
  });

  test('renews it: the old secrets end, the token stays the same for whoever lists it', async () => {
    const first = await letIn(client, ann);
    const renew = (refresh_token: string) =>
      app.request('/oauth/token', {
        json: {
          grant_type: 'refresh_token',
          client_id: client.id,
          client_secret: client.secret,
          refresh_token,
        },
      });
    const count = () => app.ctx.db.query('SELECT count(*) AS n FROM access_tokens').get();
    const before = count();
    const answer = await renew(first.refresh);
    expect(answer.status).toBe(200);
    const second = await json(answer);
    expect(second).toMatchObject({ scope: 'read write follow push', expires_in: 31_536_000 });
    expect(count()).toEqual(before);
    expect((await client.read(first.access)).status).toBe(401);
    expect((await client.read(String(second.access_token))).status).toBe(200);
    // Two hold the first refresh token: nobody keeps anything.
    expect((await renew(first.refresh)).status).toBe(400);
    expect((await client.read(String(second.access_token))).status).toBe(401);
    expect((await renew(String(second.refresh_token))).status).toBe(400);
  });

  test('uses it for a year, and can still renew it then', async () => {
    const other = await createTestApp({ config: { rates: false } });
    const ben = await other.person('ben', 'owner');
    const short = await registerApp(other, { redirect: REDIRECT, scopes: 'read' });
    const token = await letIn(short, ben);
    other.clock.advance(365 * 86_400_000 - 60_000);
    expect((await short.read(token.access)).status).toBe(200);
    other.clock.advance(61_000);
    expect((await short.read(token.access)).status).toBe(401);
    const answer = await other.request('/oauth/token', {
      json: {
        grant_type: 'refresh_token',
        client_id: short.id,
        client_secret: short.secret,
        refresh_token: token.refresh,
      },
    });
    expect(answer.status).toBe(200);
    await other.close();
  });

  test('for itself, without a person: it reads what is public and is no user', async () => {
    const answer = await app.request('/oauth/token', {
      json: {
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        scope: 'read',
      },
    });
    const said = await json(answer);
    expect(said).toMatchObject({ token_type: 'Bearer', scope: 'read' });
    expect(said.refresh_token).toBe(undefined);
    const token = String(said.access_token);
    const name = await app.request('/api/v1/apps/verify_credentials', { token });
    expect(await json(name)).toMatchObject({ name: 'Test client', scopes: ['read'] });
    expect((await app.request('/api/v1/timelines/public', { token })).status).toBe(200);
    for (const path of ['/api/v1/accounts/verify_credentials', '/api/v1/timelines/home']) {
      const refused = await app.request(path, { token });
      expect(refused.status).toBe(422);
      expect(await json(refused)).toEqual({ error: 'This method requires an authenticated user' });
    }
  });

  test('gives it back, by either secret, as often as it likes', async () => {
    const revoke = (token: string, as: TestClient = client) =>
      app.request('/oauth/revoke', {
        body: new URLSearchParams({ client_id: as.id, client_secret: as.secret, token }),
      });
    const one = await letIn(client, ann);
    for (let times = 0; times < 2; times += 1) {
      const answer = await revoke(one.access);
      expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    }
    expect((await client.read(one.access)).status).toBe(401);
    const two = await letIn(client, ann);
    expect((await revoke(two.refresh)).status).toBe(200);
    expect((await client.read(two.access)).status).toBe(401);
    const three = await letIn(client, ann);
    const other = await registerApp(app, { redirect: REDIRECT, scopes: 'read' });
    for (const refused of [
      await revoke(three.access, other),
      await revoke(ann.token),
      await revoke(three.access, { ...client, secret: 'wrong' }),
    ]) {
      expect(refused.status).toBe(403);
      expect((await json(refused)).error).toBe('unauthorized_client');
    }
    expect((await client.read(three.access)).status).toBe(200);
  });
});

test('PKCE: the code needs its verifier, and a verifier needs its challenge', async () => {
  const client = await registerApp(app, { redirect: REDIRECT, scopes: 'read profile' });
  const verifier = 'v'.repeat(64);
  const question = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
  const code = codeOf(await client.decide(ann, 'allow', question));
  expect((await client.exchange(code)).status).toBe(400);
  expect((await client.exchange(code, { code_verifier: 'w'.repeat(64) })).status).toBe(400);
  expect((await client.exchange(code, { code_verifier: verifier })).status).toBe(200);
});
