import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { createToken } from '#domain/accounts/tokens.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

setDefaultTimeout(60_000);

let app: TestApp;
afterEach(() => app.close());

const PERSON = {
  username: 'newcomer',
  email: 'newcomer@example.org',
  password: 'a very long password',
  agreement: 'true',
  locale: 'en',
};

async function open(registration: string, scope = 'read write') {
  app = await createTestApp({
    settings: { mode: 'community', registration },
    config: { rates: false },
  });
  await app.person('ada', 'owner');
  const made = await app.request('/api/v1/apps', {
    json: { client_name: 'App', redirect_uris: 'app://here', scopes: 'read write follow' },
  });
  const client = (await made.json()) as { client_id: string; client_secret: string };
  const granted = await app.request('/oauth/token', {
    json: { ...client, grant_type: 'client_credentials', scope },
  });
  return ((await granted.json()) as { access_token: string }).access_token;
}

type Answer = {
  access_token: string;
  refresh_token: string;
  scope: string;
  details: Record<string, { error: string }[]>;
};
async function join(token: string | undefined, change: Record<string, string> = {}) {
  const how = token === undefined ? {} : { token };
  const answer = await app.request('/api/v1/accounts', { ...how, form: { ...PERSON, ...change } });
  return { status: answer.status, json: (await answer.json()) as Answer };
}

test('an app makes an account where people may join, and speaks for it', async () => {
  const token = await open('open');
  const { status, json } = await join(token);
  expect(status).toBe(200);
  expect(json.scope).toBe('read write');
  expect(json.refresh_token).toBeString();
  const self = await app.request('/api/v1/accounts/verify_credentials', {
    token: json.access_token,
  });
  expect(((await self.json()) as { username: string }).username).toBe('newcomer');
});

test('mistakes are told by field, with their codes', async () => {
  const token = await open('open');
  const wrong = await join(token, { email: 'nowhere', password: 'short', username: 'a b' });
  expect(wrong.status).toBe(422);
  expect(Object.keys(wrong.json.details).sort()).toEqual(['email', 'password', 'username']);
  const taken = await join(token, { username: 'ada' });
  expect(taken.json.details.username?.[0]?.error).toBe('ERR_TAKEN');
  const silent = await join(token, { agreement: 'false' });
  expect(silent.json.details.agreement?.[0]?.error).toBe('ERR_ACCEPTED');
});

test('T99: nobody joins where the owner lets nobody in, nor by a token that is a person’s or none', async () => {
  const token = await open('closed');
  expect((await join(token)).status).toBe(422);
  expect((await join(undefined)).status).toBe(401);
  expect((await join('guessed')).status).toBe(401);
  const bob = await app.person('bob');
  expect((await join(bob.token)).status).toBe(422);
  expect((await join(createToken(app.ctx, bob.viewer.id, 'x', 'read'))).status).toBe(403);
});

test('T99: an app without the scope makes no account, and without an invite none where one is needed', async () => {
  const narrow = await open('invite', 'read');
  expect((await join(narrow)).status).toBe(403);
  await app.close();
  const token = await open('invite');
  expect((await join(token)).status).toBe(422);
  expect((await join(token, { invite: 'guessed' })).status).toBe(422);
});
