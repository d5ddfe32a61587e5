import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { addressesOf, type Known, publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

const ORIGIN = 'https://photos.example.org';
let app: TestApp;
let ann: Person;
let posts: WalkPost[];
let known: Known;

beforeAll(async () => {
  app = await createMediaApp({ config: { rates: false, origin: ORIGIN } });
  const person = await app.person('ann', 'owner');
  ann = { ...person, cookie: `__Host-${person.cookie}` };
  await app.person('ben');
  posts = [await publishPhoto(app, ann, 'public'), await publishPhoto(app, ann, 'private')];
  const id = [String(ann.viewer.id), ...posts.flatMap((post) => [post.id, post.mediaId])];
  known = { id, name: ['ann', 'ann.atom', 'ben'], index: ['1'], token: ['open'], act: ['suspend'] };
});
afterAll(() => app.close());

async function addresses(wanted: (method: string) => boolean) {
  const { routes } = await app.app.door();
  return routes
    .filter(({ method }) => wanted(method))
    .flatMap(({ method, path }) =>
      addressesOf(path, known).map((address) => ({ method, address })),
    );
}

/** Every row of the database but times of use. */
function dump(): string {
  const { db } = app.ctx;
  const tables = db
    .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all()
    .map(({ name }) => name)
    .filter((name) => !['sqlite_sequence', 'sqlite_stat1', 'settings'].includes(name));
  const rows = tables.map((name) => [name, db.query(`SELECT * FROM "${name}"`).all()]);
  return JSON.stringify(rows).replace(/"last_(seen|used)_at":[0-9null]+/g, '');
}

describe('T75: what another site makes a browser send', () => {
  const senders: Record<string, Record<string, string>> = {
    'from another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    'from a sister site': { 'sec-fetch-site': 'same-site', origin: 'https://x.example.org' },
    'from a sandbox': { origin: 'null' },
    'from an old browser': { origin: 'https://evil.example' },
    'from here over http': { origin: 'http://photos.example.org.evil.example' },
    'from a program that says nothing': {},
  };
  const bodies: Record<string, RequestOptions> = {
    'JSON as plain text': {
      body: '{"status":"x","password":"x"}',
      headers: { 'content-type': 'text/plain' },
    },
    'a form': { body: new URLSearchParams({ caption: 'x', status: 'x', csrf: 'guessed' }) },
    'a multipart form': { body: multipart() },
    'no type at all': { body: new Uint8Array([123, 125]) },
    nothing: {},
  };
  for (const [who, headers] of Object.entries(senders)) {
    test(`changes nothing at any route: ${who}`, async () => {
      const before = dump();
      for (const { method, address } of await addresses((each) => each !== 'GET')) {
        for (const [what, how] of Object.entries(bodies)) {
          const said = { cookie: ann.cookie, ...headers, ...(how.headers ?? {}) };
          const answer = await app.request(address, { ...how, method, headers: said });
          await answer.arrayBuffer();
          const refused = answer.status >= 400 && answer.status < 500;
          expect(`${method} ${address}, ${what}: ${refused || answer.status}`).toBe(
            `${method} ${address}, ${what}: true`,
          );
        }
      }
      expect(dump()).toBe(before);
    });
  }

  test('GET and HEAD of every route change nothing', async () => {
    // Made when they are first needed, and the same for ever after.
    for (const id of [0, ann.viewer.id]) await readSigningKey(app.ctx, id);
    const before = dump();
    for (const { address } of await addresses((method) => method === 'GET')) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await app.request(address, { method, as: ann });
        await answer.arrayBuffer();
        expect(`${address} ${answer.status < 500}`).toBe(`${address} true`);
      }
    }
    expect(dump()).toBe(before);
  });
});

function multipart(): FormData {
  const form = new FormData();
  form.append('status', 'x');
  form.append('csrf', 'guessed');
  return form;
}

describe('T74: nothing leads away from here', () => {
  const names = ['next', 'u', 'url', 'redirect', 'redirect_uri', 'return_to', 'continue', 'to'];
  const targets = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/%09/evil.example',
  ];
  test('no route sends on to an address out of its query', async () => {
    for (const { address } of await addresses((method) => method === 'GET')) {
      for (const target of targets) {
        const query = names.map((name) => `${name}=${encodeURIComponent(target)}`).join('&');
        for (const as of [undefined, ann]) {
          const answer = await app.request(`${address}?${query}`, as ? { as } : {});
          await answer.arrayBuffer();
          const to = answer.headers.get('location');
          if (to !== null) expect(new URL(to, ORIGIN).origin).toBe(ORIGIN);
          expect(answer.headers.get('refresh')).toBeNull();
        }
      }
    }
  });
  test('links that people typed tell nobody where they were followed, and open nothing of ours', async () => {
    const json = { status: 'see https://elsewhere.example/a?b=1&c="d"', spoiler_text: '' };
    const made = (await (
      await app.request('/api/v1/statuses', { token: ann.token, json })
    ).json()) as {
      id: string;
    };
    for (const { address } of await addresses((method) => method === 'GET')) {
      await checkLinks(address);
    }
    await checkLinks(`/@ann/${made.id}`);
  });
  async function checkLinks(address: string): Promise<void> {
    const html = await (await app.request(address, { as: ann })).text();
    for (const [link, href = ''] of html.matchAll(/<a\b[^>]*href="(https?:[^"]*)"[^>]*>/g)) {
      if (href.startsWith(ORIGIN)) continue;
      expect(link).toMatch(/rel="[^"]*noopener/);
      expect(link).toMatch(/rel="[^"]*noreferrer/);
    }
    expect(html).not.toMatch(/<a\b[^>]*href="(?!https?:|\/|#|\?)/i);
  }
});

describe('T73: what a caption cannot look like', () => {
  test('links show the host they lead to; classes and addresses of ours are not for typing', async () => {
    const typed =
      '<a href="https://evil.example" class="button" style="position:fixed">your bank</a> ' +
      '[bank](https://evil.example) https://bank.example@evil.example/ https://раypal.example';
    const answer = await app.request('/api/v1/statuses', {
      token: ann.token,
      json: { status: typed },
    });
    const { content } = (await answer.json()) as { content: string };
    expect(content).not.toMatch(/<a[^>]*style=|class="button"/);
    for (const [, href = '', shown = ''] of content.matchAll(/<a href="([^"]*)"[^>]*>([^<]*)</g)) {
      const { host } = new URL(href);
      // A name that looks like another is written in the letters of its address.
      expect(host).toMatch(/^[a-z0-9.-]+$/);
      if (/^[\x20-\x7e]*$/.test(shown)) expect(shown).toContain(host);
    }
  });
  test('a place or a warning does not turn the line around that it stands in', async () => {
    const json = { status: 'x', place: 'Rome\u202egnp', spoiler_text: 'a\u2066b\u2069c' };
    const answer = await app.request('/api/v1/statuses', { token: ann.token, json });
    const text = await answer.text();
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });
});

describe('T70 T80: what a shared cache may keep', () => {
  const forged: Record<string, string> = {
    host: 'evil.example',
    forwarded: 'host=evil.example;proto=http',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '1',
    'x-forwarded-prefix': '/evil.example',
    'x-original-url': '/admin/accounts',
    'x-rewrite-url': '/admin/accounts',
    'x-http-method-override': 'DELETE',
    'x-host': 'evil.example',
  };
  const told = async (address: string, how: RequestOptions = {}) => {
    const answer = await app.request(address, how);
    const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id').sort();
    return { answer, shape: JSON.stringify([answer.status, headers, await answer.text()]) };
  };
  test('headers that a proxy could pass on change no answer to a stranger', async () => {
    const files = posts.flatMap(({ mediaPaths }) => mediaPaths);
    const pages = (await addresses((method) => method === 'GET')).map(({ address }) => address);
    for (const address of [...files, ...pages]) {
      const plain = (await told(address)).shape;
      for (const [name, value] of Object.entries(forged)) {
        const { shape } = await told(address, { headers: { [name]: value } });
        expect(`${address} ${name} ${shape}`).toBe(`${address} ${name} ${plain}`);
      }
    }
  });
  test('what a member gets is never public, and its ETag answers nobody else', async () => {
    const files = posts.flatMap(({ mediaPaths }) => mediaPaths);
    const pages = (await addresses((method) => method === 'GET')).map(({ address }) => address);
    for (const address of [...files, ...pages]) {
      const member = await told(address, { as: ann });
      const rule = member.answer.headers.get('cache-control') ?? '';
      const stranger = await told(address);
      if (rule.startsWith('public')) {
        // The same for everybody then: photos of public posts, and feeds.
        const alike = ({ shape }: { shape: string }) => shape.replace(/\["vary","[^"]*"\],/, '');
        expect(`${address} ${alike(member)}`).toBe(`${address} ${alike(stranger)}`);
        continue;
      }
      expect(`${address} ${rule}`).toMatch(/ private, no-(store|cache)$/);
      expect(member.answer.headers.get('vary')).toMatch(/Cookie/);
      const etag = member.answer.headers.get('etag');
      if (etag === null) continue;
      const { shape } = await told(address, { headers: { 'if-none-match': etag } });
      expect(shape).toBe(stranger.shape);
    }
  });
});
