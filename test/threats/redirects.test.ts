import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  challengeOf,
  codeOf,
  letIn,
  registerApp,
  type TestClient,
} from '#test/api/oauth-client.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp({ config: { rates: false, origin: 'https://photos.example.org' } });
  const person = await app.person('ann', 'owner');
  ann = { ...person, cookie: `__Host-${person.cookie}` };
});
afterAll(() => app.close());

const GOOD = 'https://client.example/back';
/** What Elk registers: an escaped address inside the path. */
const ELK = 'https://elk.example/api/photos.test/oauth/http%3A%2F%2Flocalhost%3A5314';

/** An address that was registered, and one that somebody asks for instead. */
const TRICKS: readonly [registered: string, asked: string, why: string][] = [
  [GOOD, 'https://client.example/back/', 'a slash more'],
  [GOOD, 'https://client.example/back/../evil', 'dots'],
  [GOOD, 'https://client.example/back/%2e%2e/evil', 'escaped dots'],
  [GOOD, 'https://client.example/back2', 'the same beginning'],
  [GOOD, 'https://client.example/', 'the same end cut off'],
  [GOOD, 'https://client.example', 'the host alone'],
  [GOOD, 'https://client.example.evil.example/back', 'a longer host'],
  [GOOD, 'https://evil.example/https://client.example/back', 'the address inside another'],
  [GOOD, 'https://client.example@evil.example/back', 'the host as a user'],
  [GOOD, 'https://evil.example#@client.example/back', 'the host in a fragment'],
  [GOOD, 'https://evil.example\\@client.example/back', 'a backslash'],
  [GOOD, 'https://client.example/back#evil', 'a fragment'],
  [GOOD, 'https://client.example/back?next=evil', 'a query'],
  [GOOD, 'https://client.example/back?', 'an empty query'],
  [GOOD, 'https://Client.example/back', 'another case of the host'],
  [GOOD, 'https://client.example/Back', 'another case of the path'],
  [GOOD, 'HTTPS://client.example/back', 'another case of the scheme'],
  [GOOD, 'http://client.example/back', 'another scheme'],
  [GOOD, 'https://client.example:443/back', 'the port said aloud'],
  [GOOD, 'https://client.example:8443/back', 'another port'],
  [GOOD, '//client.example/back', 'no scheme'],
  [GOOD, '/back', 'no host'],
  [GOOD, 'https://client.example/%62ack', 'an escaped letter'],
  [GOOD, ' https://client.example/back', 'a space before'],
  [GOOD, 'https://client.example/back\n', 'a line break after'],
  [GOOD, 'https://client.example/back\u0000', 'a zero after'],
  [GOOD, `${GOOD}\nhttps://evil.example/`, 'two in one'],
  [GOOD, 'javascript:alert(1)//https://client.example/back', 'a script'],
  [GOOD, 'urn:ietf:wg:oauth:2.0:oob', 'out of band, unasked'],
  ['urn:ietf:wg:oauth:2.0:oob', 'urn:ietf:wg:oauth:2.0:oob:auto', 'another out of band'],
  ['urn:ietf:wg:oauth:2.0:oob', 'URN:IETF:wg:oauth:2.0:oob', 'out of band in capitals'],
  ['http://127.0.0.1:4711/back', 'http://127.0.0.1:4712/back', 'another port of this machine'],
  ['http://localhost/back', 'http://localhost:4711/back', 'a port of this machine'],
  ['http://localhost/back', 'http://127.0.0.1/back', 'another name of this machine'],
  ['pixelfed://login', 'pixelfed://login/', 'a slash after an app’s own scheme'],
  ['pixelfed://login', 'pixelfed://evil', 'another place in an app’s own scheme'],
  ['pixelfed://login', 'pixelfed:login', 'an app’s own scheme without slashes'],
  [ELK, decodeURIComponent(ELK), 'escaped once too little'],
  [ELK, encodeURI(ELK), 'escaped once too often'],
  [GOOD, '', 'nothing'],
];

describe('T87: the code goes to an address that the app named, letter by letter', () => {
  for (const [registered, asked, why] of TRICKS) {
    test(`T87: and not elsewhere: ${why}`, async () => {
      const client = await registerApp(app, { redirect: registered, scopes: 'read' });
      const change = { redirect_uri: asked };
      const page = await app.request(`/oauth/authorize?${client.question(change)}`, { as: ann });
      const allowed = await client.decide(ann, 'allow', change);
      const denied = await client.decide(ann, 'deny', change);
      for (const answer of [page, allowed, denied]) {
        expect(answer.status).toBe(400);
        expect(answer.headers.get('location')).toBe(null);
      }
      // Nor does a right question help with the wrong address when the code is turned in.
      if (registered.startsWith('urn:')) return;
      const code = codeOf(await client.decide(ann, 'allow'));
      expect((await client.exchange(code, { redirect_uri: asked })).status).toBe(400);
      expect((await client.exchange(code)).status).toBe(200);
    });
  }

  const right = [
    GOOD,
    ELK,
    'https://client.example',
    'https://client.example/back?app=1',
    'http://localhost:5173/',
    'http://127.0.0.1:4711/back',
    'http://[::1]:4711/back',
    'pixelfed://login',
    'icecubesapp://',
    'com.example.app:/oauth2redirect',
  ];
  for (const redirect of right) {
    test(`T87: ${redirect} gets its code, unchanged`, async () => {
      const client = await registerApp(app, { redirect, scopes: 'read' });
      const answer = await client.decide(ann, 'allow');
      expect(answer.headers.get('location')).toStartWith(redirect);
      expect(codeOf(answer)).toMatch(/^[a-z2-7]+$/);
    });
  }
  test('T87: the address may come unescaped, as the Pixelfed app sends it', async () => {
    const client = await registerApp(app, { redirect: 'pixelfed://login', scopes: 'read write' });
    const path = `/oauth/authorize?client_id=${client.id}&scope=read+write&redirect_uri=pixelfed://login&response_type=code`;
    const page = await app.request(path, { as: ann });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('value="pixelfed://login"');
  });

  const refused = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://x/1',
    'about:blank',
    'view-source:https://x/',
    'intent://x#Intent;end',
    'mailto:a@b.example',
    'urn:ietf:wg:oauth:2.0:oob:auto',
    'https://client.example/#fragment',
    'https://user@client.example/',
    'https://user:secret@client.example/',
    'https:client.example',
    'https:///client.example',
    'https://',
    'http://client.example/',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    '//client.example/',
    '/back',
    'back',
    'https://client.example/ä',
    'https://client.example/\\evil',
    'https://client.example/"',
    `https://client.example/${'x'.repeat(2000)}`,
  ];
  test('T87: addresses that no code should go to are not registered', async () => {
    for (const redirect of refused) {
      const answer = await app.request('/api/v1/apps', {
        json: { client_name: 'X', redirect_uris: [redirect] },
      });
      const said = (await answer.json()) as { error?: string };
      expect(`${redirect}: ${answer.status}`).toBe(`${redirect}: 422`);
      expect(said.error).toStartWith('Validation failed: ');
    }
    // One bad address among good ones is still one.
    const mixed = await app.request('/api/v1/apps', {
      json: { client_name: 'X', redirect_uris: `${GOOD}\njavascript:alert(1)` },
    });
    expect(mixed.status).toBe(422);
  });
  test('T87: nobody is sent to an app without a click, whatever is wrong with the question', async () => {
    const client = await registerApp(app, { redirect: GOOD, scopes: 'read' });
    for (const change of [{ scope: 'write' }, { response_type: 'token' }, { scope: 'x' }]) {
      const query = client.question(change);
      const answer = await app.request(`/oauth/authorize?${query}`, { as: ann });
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    }
  });
});

describe('T88: a code is worth one token, for its own app', () => {
  const verifier = 'a-verifier-of-the-app-'.repeat(3);
  const protectedBy = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
  let client: TestClient;
  beforeAll(async () => {
    client = await registerApp(app, { redirect: GOOD, scopes: 'read' });
  });
  const fresh = async (change: Record<string, string> = {}) =>
    codeOf(await client.decide(ann, 'allow', change));

  test('T88: a second use ends the token of the first', async () => {
    const code = await fresh();
    const answer = await client.exchange(code);
    const { access_token } = (await answer.json()) as { access_token: string };
    expect((await client.read(access_token)).status).toBe(200);
    const replay = await client.exchange(code);
    expect(replay.status).toBe(400);
    expect(await replay.json()).toMatchObject({ error: 'invalid_grant' });
    expect((await client.read(access_token)).status).toBe(401);
  });
  test('T88: ten at the same time get one token at most, and none that works', async () => {
    const code = await fresh();
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.exchange(code)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    const text = (await good[0]?.text()) ?? '{}';
    const { access_token } = JSON.parse(text) as { access_token: string };
    expect((await client.read(access_token)).status).toBe(401);
  });
  test('T88: it lives ten minutes', async () => {
    const other = await createTestApp({ config: { rates: false } });
    const ben = await other.person('ben', 'owner');
    const short = await registerApp(other, { redirect: GOOD, scopes: 'read' });
    const [early, late] = [
      codeOf(await short.decide(ben, 'allow')),
      codeOf(await short.decide(ben, 'allow')),
    ];
    other.clock.advance(9 * 60_000);
    expect((await short.exchange(early)).status).toBe(200);
    other.clock.advance(60_001);
    expect((await short.exchange(late)).status).toBe(400);
    await other.close();
  });
  test('T88: another app gets nothing for it, and does not use it up', async () => {
    const other = await registerApp(app, { redirect: GOOD, scopes: 'read' });
    const code = await fresh();
    expect((await other.exchange(code)).status).toBe(400);
    expect((await other.exchange(code, { client_id: client.id })).status).toBe(401);
    expect((await client.exchange(code)).status).toBe(200);
    // Nor does a used one end what it became, when another app shows it.
    const again = await fresh();
    const { access_token } = (await (await client.exchange(again)).json()) as {
      access_token: string;
    };
    expect((await other.exchange(again)).status).toBe(400);
    expect((await client.read(access_token)).status).toBe(200);
  });
  test('T88: a challenge needs its verifier, whole and exact', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { code_verifier: '' },
      { code_verifier: challengeOf(verifier) },
      { code_verifier: verifier.slice(1) },
      { code_verifier: `${verifier}x` },
      { code_verifier: verifier.toUpperCase() },
      { code_verifier: 'short' },
      { code_verifier: 'x'.repeat(129) },
      { code_verifier: `${verifier.slice(0, -1)} ` },
    ];
    const code = await fresh(protectedBy);
    for (const change of wrong) expect((await client.exchange(code, change)).status).toBe(400);
    expect((await client.exchange(code, { code_verifier: verifier })).status).toBe(200);
  });
  test('T88: a verifier without a challenge says that somebody took the challenge away', async () => {
    const code = await fresh();
    expect((await client.exchange(code, { code_verifier: verifier })).status).toBe(400);
  });
  test('T88: the plain method, and a challenge that no SHA-256 is, are refused', async () => {
    for (const change of [
      { code_challenge: verifier, code_challenge_method: 'plain' },
      { code_challenge: challengeOf(verifier) },
      { code_challenge: challengeOf(verifier), code_challenge_method: 's256' },
      { code_challenge: `${challengeOf(verifier)}=`, code_challenge_method: 'S256' },
    ]) {
      expect((await client.decide(ann, 'allow', change)).status).toBe(400);
    }
  });
  test('T88: the code stands in no page of ours, no address but the app’s, and no log', async () => {
    const lines: string[] = [];
    const note = (...parts: unknown[]) => lines.push(JSON.stringify(parts));
    const log = { debug: note, info: note, warn: note, error: note };
    const other = await createTestApp({ config: { rates: false }, log });
    const ben = await other.person('ben', 'owner');
    const shell = await registerApp(other, { redirect: GOOD, scopes: 'read' });
    const answer = await shell.decide(ben, 'allow');
    const code = codeOf(answer);
    expect(await answer.text()).toBe('');
    // Only our own pages learn where a browser came from.
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    const { access, refresh } = await letIn(shell, ben);
    await shell.exchange(code);
    for (const secret of [code, access, refresh, shell.secret]) {
      expect(lines.join('\n')).not.toContain(secret);
    }
    const stored = JSON.stringify(
      ['oauth_codes', 'access_tokens', 'oauth_apps'].map((table) =>
        other.ctx.db.query(`SELECT * FROM ${table}`).all(),
      ),
    );
    for (const secret of [code, access, refresh, shell.secret])
      expect(stored).not.toContain(secret);
    await other.close();
  });
});
