import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createTestApp } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';

type Jrd = {
  subject: string;
  aliases: string[];
  links: { rel: string; type?: string; href?: string; template?: string }[];
};

let app: FederatedApp;
beforeAll(async () => {
  app = await createFederatedApp({
    address: '127.0.0.2',
    config: { rates: false },
    settings: { 'instance.name': 'A <script>alert(1)</script> name\u202e' },
  });
  await app.person('anna', 'owner');
});
afterAll(() => app.close());

function finger(resource: string, more = ''): Promise<Response> {
  return app.request(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}${more}`);
}

describe('WebFinger', () => {
  test('knows a person by handle, actor and page, always under the one name', async () => {
    const { origin, host } = app;
    const names = [
      `acct:anna@${host}`,
      `acct:ANNA@${host}`,
      `anna@${host}`,
      `${origin}/users/anna`,
      `${origin}/@anna`,
    ];
    for (const name of names) {
      const answer = await finger(name);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toStartWith('application/jrd+json');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const jrd = (await answer.json()) as Jrd;
      expect(jrd.subject).toBe(`acct:anna@${host}`);
      expect(jrd.aliases).toContain(`${origin}/users/anna`);
      expect(jrd.links).toContainEqual({
        rel: 'self',
        type: 'application/activity+json',
        href: `${origin}/users/anna`,
      });
      expect(jrd.links).toContainEqual({
        rel: 'http://ostatus.org/schema/1.0/subscribe',
        template: `${origin}/authorize_interaction?uri={uri}`,
      });
    }
  });
  test('knows the server itself by its host and its actor', async () => {
    for (const name of [`acct:127.0.0.2@${app.host}`, `${app.origin}/actor`, app.origin]) {
      const jrd = (await (await finger(name)).json()) as Jrd;
      expect(jrd.links[0]?.href).toBe(`${app.origin}/actor`);
    }
  });
  test('gives only the relations that are asked for', async () => {
    const jrd = (await (await finger(`acct:anna@${app.host}`, '&rel=self')).json()) as Jrd;
    expect(jrd.links.map(({ rel }) => rel)).toEqual(['self']);
  });
  test('T37: resources that name nobody of ours are refused and nowhere repeated', async () => {
    const bad = [
      'acct:anna',
      'acct:@',
      'acct:anna@',
      `acct:an\r\nna@${app.host}`,
      `acct:anna\u0000@${app.host}`,
      `acct:anna@${app.host}\n`,
      `acct:anna@elsewhere.example`,
      `acct:anna@${app.host}@elsewhere.example`,
      `acct:${'a'.repeat(100_000)}@${app.host}`,
      `acct:${'a'.repeat(600)}@${app.host}`,
      `acct:<script>@${app.host}`,
      'https://elsewhere.example/users/anna',
      `${app.origin}.elsewhere.example/users/anna`,
      'javascript:alert(1)',
      '',
    ];
    for (const resource of bad) {
      const answer = await finger(resource);
      const text = await answer.text();
      expect(`${answer.status} ${resource.slice(0, 80)}`).toBe(`400 ${resource.slice(0, 80)}`);
      expect(text).not.toContain('elsewhere');
      expect(text).not.toContain('script');
      expect(Object.keys(JSON.parse(text))).toContain('error');
    }
    expect((await app.request('/.well-known/webfinger')).status).toBe(400);
    const twice = await finger(`acct:anna@${app.host}`, '&resource=acct:evil@elsewhere.example');
    expect(twice.status).toBe(400);
  });
  test('says 404 of nobody and of who is suspended or leaving, 410 of who was deleted', async () => {
    const ben = await app.person('ben');
    const { db } = app.ctx;
    const status = async (name: string) => (await finger(`acct:${name}@${app.host}`)).status;
    expect(await status('nobody')).toBe(404);
    expect(await status('ben')).toBe(200);
    const set = (sql: string) => db.query(sql).run({ id: ben.viewer.id });
    set('UPDATE accounts SET suspended_at = 1 WHERE id = $id');
    expect(await status('ben')).toBe(404);
    set('UPDATE accounts SET suspended_at = NULL, deletion_at = 9e15 WHERE id = $id');
    expect(await status('ben')).toBe(404);
    set('DELETE FROM accounts WHERE id = $id');
    db.query('INSERT INTO tombstones (uri, open, deleted_at) VALUES ($uri, 1, 1)').run({
      uri: `${app.origin}/users/ben`,
    });
    expect(await status('ben')).toBe(410);
  });
});

describe('NodeInfo and host-meta', () => {
  test('lead to each other, 2.0 first, with true numbers', async () => {
    const list = await (await app.request('/.well-known/nodeinfo')).json();
    expect(list.links.map(({ href }: { href: string }) => href)).toEqual([
      `${app.origin}/nodeinfo/2.0`,
      `${app.origin}/nodeinfo/2.1`,
    ]);
    app.clock.advance(11 * 60_000);
    const answer = await app.request('/nodeinfo/2.0');
    expect(answer.headers.get('content-type')).toContain('schema/2.0#');
    const info = await answer.json();
    expect(info).toMatchObject({
      version: '2.0',
      software: { name: 'tintype' },
      protocols: ['activitypub'],
      openRegistrations: false,
      usage: { users: { total: 1, activeMonth: 1, activeHalfyear: 1 }, localPosts: 0 },
    });
    expect(info.software).not.toHaveProperty('repository');
    const newer = await (await app.request('/nodeinfo/2.1')).json();
    expect(newer.version).toBe('2.1');
  });
  test('T52: what the owner wrote comes as plain JSON text, cut and without controls', async () => {
    const answer = await app.request('/nodeinfo/2.1');
    expect(answer.headers.get('content-type')).toStartWith('application/json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const { software, metadata } = await answer.json();
    expect(software.name).toMatch(/^[a-z0-9-]+$/);
    expect(metadata.nodeName).toBe('A <script>alert(1)</script> name');
  });
  test('say where WebFinger is, in XML and in JSON', async () => {
    const template = `${app.origin}/.well-known/webfinger?resource={uri}`;
    const xml = await app.request('/.well-known/host-meta');
    expect(xml.headers.get('content-type')).toStartWith('application/xrd+xml');
    expect(await xml.text()).toContain(`template="${template}"`);
    for (const answer of [
      await app.request('/.well-known/host-meta.json'),
      await app.request('/.well-known/host-meta', { headers: { accept: 'application/json' } }),
    ]) {
      expect((await answer.json()).links).toEqual([
        { rel: 'lrdd', type: 'application/jrd+json', template },
      ]);
    }
  });
});

test('A server that speaks with nobody says of discovery what it says of a missing page', async () => {
  const alone = await createFederatedApp({
    address: '127.0.0.2',
    settings: { 'federation.with': 'off' },
  });
  await alone.person('anna', 'owner');
  const body = async (path: string) => {
    const answer = await alone.request(path);
    return `${answer.status} ${await answer.text()}`;
  };
  const missing = await body('/.well-known/nothing');
  for (const path of [
    `/.well-known/webfinger?resource=acct:anna@${alone.host}`,
    '/.well-known/webfinger?resource=acct:anna',
    '/.well-known/host-meta',
    '/.well-known/host-meta.json',
    '/.well-known/nodeinfo',
    '/nodeinfo/2.0',
    '/nodeinfo/2.1',
  ]) {
    expect(await body(path)).toBe(missing);
  }
  await alone.close();
});

test('A family that speaks with others answers to names alone: no faces, no numbers', async () => {
  const family = await createFederatedApp({
    address: '127.0.0.2',
    settings: { mode: 'family', 'federation.with': 'allowlist' },
  });
  const anna = await family.person('anna', 'owner');
  family.ctx.db
    .query("UPDATE accounts SET avatar_blob = 'face.jpg' WHERE id = $id")
    .run({ id: anna.viewer.id });
  const path = `/.well-known/webfinger?resource=acct:anna@${family.host}`;
  const jrd = await (await family.request(path)).text();
  expect(jrd).toContain('/users/anna');
  expect(jrd).not.toContain('face');
  const info = await (await family.request('/nodeinfo/2.0')).json();
  expect(info.usage).toEqual({ users: {} });
  expect(info.metadata).toEqual({});
  await family.close();
});

test('T36: every spelling of our domain means the one name, and no other domain looks like it', async () => {
  const other = await createTestApp({ config: { origin: 'https://photos.example', rates: false } });
  await other.person('anna', 'owner');
  const ask = async (resource: string) => {
    const path = `/.well-known/webfinger?resource=${encodeURIComponent(resource)}`;
    const answer = await other.request(path);
    return answer.ok ? ((await answer.json()) as Jrd).subject : answer.status;
  };
  for (const domain of [
    'photos.example',
    'PHOTOS.Example',
    'photos。example',
    'photos.example:443',
  ]) {
    expect(await ask(`acct:Anna@${domain}`)).toBe('acct:anna@photos.example');
  }
  const others = [
    'acct:anna@photos.example.',
    'acct:anna@\u0440hotos.example',
    'acct:anna@photos.example:8443',
    'acct:anna@sub.photos.example',
    'acct:anna@evil.example@photos.example',
    'acct:evil.example/anna@photos.example',
    'https://anna:secret@photos.example/users/anna',
    'https://photos.example@evil.example/users/anna',
    'http://photos.example/users/anna',
  ];
  for (const resource of others)
    expect(`${await ask(resource)} ${resource}`).toBe(`400 ${resource}`);
  await other.close();
});
