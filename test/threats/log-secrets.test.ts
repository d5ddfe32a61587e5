import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createLog } from '#base/platform/log.ts';
import { PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';
import { publishPhoto } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

setDefaultTimeout(120_000);

const lines: string[] = [];
const secrets = new Map<string, string>();
let app: TestApp;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  // Everything that can be said, even what a server says only when it is asked to.
  app = await createMediaApp({ log: createLog('debug', (line) => lines.push(line)) });
  ada = await app.person('ada', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

const keep = (what: string, text: string) => secrets.set(what, text);

async function json(path: string, how: Parameters<TestApp['request']>[1]) {
  return (await (await app.request(path, how)).json()) as Record<string, string>;
}

async function signInAndOut(): Promise<void> {
  for (const password of [PASSWORD, 'a wrong but telling password']) {
    keep(`password ${password}`, password);
    const form = { username: 'ada@example.org', password, next: '/' };
    const answer = await app.request('/sign-in', { form });
    const cookie = /session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
    if (cookie) keep('session of a sign-in', cookie);
  }
  keep('mail address', 'ada@example.org');
  keep('cookie', ada.cookie.split('=')[1] ?? '');
  keep('csrf', ada.csrf);
  keep('token', ada.token);
  await app.request('/api/v1/accounts/verify_credentials', {
    token: 'a-guessed-token-of-somebody',
  });
  keep('guessed token', 'a-guessed-token-of-somebody');
  const fresh = { current: PASSWORD, password: 'the next password of ada' };
  keep('new password', fresh.password);
  await app.request('/settings/security/password', { as: ada, form: fresh });
}

async function letAnAppIn(): Promise<void> {
  const uri = 'urn:ietf:wg:oauth:2.0:oob';
  const made = await json('/api/v1/apps', {
    json: { client_name: 'x', redirect_uris: uri, scopes: 'read' },
  });
  keep('client secret', made.client_secret ?? '');
  const code = 'the-code-of-somebody-else';
  keep('code', code);
  const body = { grant_type: 'authorization_code', code, redirect_uri: uri };
  const { client_id, client_secret } = made;
  await app.request('/oauth/token', { json: { ...body, client_id, client_secret } });
  const own = await json('/oauth/token', {
    json: { grant_type: 'client_credentials', client_id, client_secret },
  });
  keep('app token', own.access_token ?? '');
}

async function writePrivately(): Promise<void> {
  for (const visibility of ['private', 'direct', 'public'] as const) {
    const { words } = await publishPhoto(app, ada, visibility);
    keep(`caption and alt text (${visibility})`, words);
  }
  const status = '@bob @nobody@nowhere.invalid a-word-for-bob-alone';
  keep('direct message', 'a-word-for-bob-alone');
  keep('who is meant', 'nobody@nowhere');
  const message = { status, visibility: 'direct', spoiler_text: 'a-covered-word' };
  keep('content warning', 'a-covered-word');
  await app.request('/api/v1/statuses', { token: ada.token, json: message });
  const scheduled = { status: 'a-word-for-later', scheduled_at: '2099-01-01T00:00:00Z' };
  keep('scheduled post', 'a-word-for-later');
  await app.request('/api/v1/statuses', { token: ada.token, json: scheduled });
  await app.request('/search?q=a-private-search', { as: bob });
  keep('search', 'a-private-search');
  keep('note', 'a-note-about-ada');
  const note = { comment: 'a-note-about-ada' };
  await app.request(`/api/v1/accounts/${ada.viewer.id}/note`, { token: bob.token, json: note });
  const filter = { title: 'a-filtered-title', context: ['home'], filter_action: 'warn' };
  keep('filter', 'a-filtered-title');
  await app.request('/api/v2/filters', { token: bob.token, json: filter });
  const report = { account_id: String(ada.viewer.id), comment: 'a-reason-of-bob' };
  keep('report', 'a-reason-of-bob');
  await app.request('/api/v1/reports', { token: bob.token, json: report });
}

async function openLinks(): Promise<void> {
  for (const path of ['/reset/', '/join/', '/setup?code=']) {
    const code = `secret-link-${path.replaceAll(/\W/g, '')}`;
    keep(`link ${path}`, code);
    await app.request(`${path}${code}`);
  }
  await app.request('/media/as/a-key-of-an-app/aaaaaaaaaaaaaaaaaaaaaaaaaa.jpg');
  keep('media key', 'a-key-of-an-app');
  await app.request('/api/v1/streaming?access_token=a-token-in-a-query');
  keep('token in a query', 'a-token-in-a-query');
  await app.request('/%00bad/a-broken-address');
  // What breaks in the middle is told with its causes.
  const text = {
    body: '{"status": "a-word-in-broken-json',
    headers: { 'content-type': 'application/json' },
  };
  await app.request('/api/v1/statuses', { token: ada.token, method: 'POST', ...text });
  keep('broken body', 'a-word-in-broken-json');
}

test('T82: the log of a whole day holds no password, token, cookie, address, caption or alt text', async () => {
  await letAnAppIn();
  await writePrivately();
  await openLinks();
  await app.settle();
  await signInAndOut();
  await app.settle();
  const { cron } = app.app;
  for (const { name } of cron.list()) {
    if (/sweep|prune|reconcile|record|tend$/.test(name)) await cron.run(name);
  }
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.some((line) => line.includes('route=/api/v1/statuses'))).toBe(true);
  const all = lines.join('\n');
  const leaked = [...secrets].filter(([, text]) => text.length > 5 && all.includes(text));
  expect(leaked.map(([what]) => what)).toEqual([]);
  expect(secrets.size).toBeGreaterThan(20);
  for (const text of secrets.values()) expect(text.length).toBeGreaterThan(5);
});

test('every request has a line with an id, which its answer bears too', async () => {
  const answer = await app.request('/about');
  const id = answer.headers.get('x-request-id') ?? '';
  expect(id.length).toBeGreaterThan(8);
  const own = lines.filter((line) => line.includes(`requestId=${id}`));
  expect(own).toHaveLength(1);
  expect(own[0]).toMatch(/ INFO request method=GET route=\/about status=200 ms=[\d.]+ requestId=/);
});
