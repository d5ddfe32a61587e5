import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import {
  freePort,
  type Home,
  makeHome,
  type Running,
  runVerb,
  startCommand,
} from '#test/harness/binary.ts';
import { dirtyJpeg, secrets } from '#test/harness/dirty-pictures.ts';
import { findLeaks } from '#test/harness/leaks.ts';
import { sharp } from '#test/harness/pictures.ts';

setDefaultTimeout(180_000);

/** One executable on its own address, with one person. */
type Instance = {
  home: Home;
  url: string;
  handle: string;
  token: string;
  server: Running;
  restart(): Promise<void>;
};

describe('three executables on three addresses', () => {
  const instances: Instance[] = [];
  let ann: Instance;
  let bob: Instance;
  let cat: Instance;
  beforeAll(async () => {
    ann = await open('127.0.0.1', 'ann');
    bob = await open('127.0.0.2', 'bob');
    cat = await open('127.0.0.3', 'cat');
  });
  afterAll(async () => {
    for (const { server, home } of instances) {
      await server.stop();
      home.remove();
    }
  });

  async function open(address: string, name: string): Promise<Instance> {
    const home = makeHome();
    const host = `${address}:${await freePort(address)}`;
    const url = `http://${host}`;
    const start = () =>
      startCommand(
        [
          ...[home.binary, 'serve', '--data', home.data, '--listen', host, '--origin', url],
          ...['--federation-allow-addresses', '127.0.0.0/8'],
        ],
        { url, cwd: home.program, env: {} },
      );
    const server = await start();
    const password = { stdin: 'correct horse battery\n' };
    await verb(
      home,
      ['account', 'create', name, '--email', 'a@example.org', '--owner', '--password-stdin'],
      password,
    );
    const token = await verb(home, ['account', 'token', name, '--scopes', 'read write follow']);
    const instance: Instance = {
      ...{ home, url, token, server, handle: `@${name}@${host}` },
      restart: async () => {
        instance.server = await start();
      },
    };
    instances.push(instance);
    return instance;
  }

  test('bob and cat follow ann, whose photo comes to both without its position', async () => {
    for (const who of [bob, cat]) await follow(who, ann);
    const picture = sharp({ create: { width: 480, height: 360, channels: 3, background: '#468' } });
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(await dirtyJpeg(picture))]), 'IMG_0001.JPG');
    form.append('description', 'A wall');
    const media = await api<{ id: string }>(ann, '/v2/media', { method: 'POST', body: form });
    const made = await post(ann, { status: 'Blue #wall', media_ids: [media.id] });
    for (const who of [bob, cat]) {
      const [got] = await until(who, (posts) => posts[0]?.uri === made.uri);
      expect(got?.media_attachments[0]).toMatchObject({ description: 'A wall' });
      const file = await fetch(got?.media_attachments[0]?.url ?? '');
      expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect(findLeaks(Buffer.from(await file.bytes()), secrets)).toEqual([]);
    }
  });

  test('what ann posts while bob is down waits for him; SIGKILL of either loses nothing', async () => {
    await bob.server.kill9();
    const texts = Array.from({ length: 12 }, (_, n) => `While bob slept ${n}`);
    const made: StatusJson[] = [];
    for (const status of texts) made.push(await post(ann, { status }));
    await until(cat, (posts) => posts[0]?.content.includes('slept 11') === true);
    const waiting = await deliveries(ann);
    expect(waiting.filter(({ host }) => bob.url.endsWith(host)).length).toBeGreaterThan(0);
    await ann.server.kill9();
    await ann.restart();
    await bob.restart();
    await verb(ann.home, ['jobs', 'retry', '--deliveries']);
    const arrived = await until(bob, (posts) => made.every(({ uri }) => has(posts, uri)), 40);
    expect(arrived.filter(({ content }) => content.includes('slept')).length).toBe(texts.length);
  });

  test('a blocked server is cut off at once, and let in again', async () => {
    const host = new URL(cat.url).host;
    await verb(ann.home, ['domains', 'block', host]);
    await waitFor(async () => (await me(ann)).followers_count === 1);
    const refused = await fetch(`${ann.url}/inbox`, {
      method: 'POST',
      headers: {
        'content-type': 'application/activity+json',
        signature: `keyId="${cat.url}/users/cat#main-key",headers="date",signature="AAAA"`,
      },
      body: '{}',
    });
    expect(refused.status).toBe(403);
    await verb(ann.home, ['domains', 'remove', host]);
    await unfollow(cat, ann);
    await follow(cat, ann);
    expect((await me(ann)).followers_count).toBe(2);
  });
});

function has(posts: StatusJson[], uri: string): boolean {
  return posts.some((each) => each.uri === uri);
}

async function verb(home: Home, args: string[], options: { stdin?: string } = {}): Promise<string> {
  const ended = await runVerb(home, [...args, '--data', home.data], options);
  if (ended.code !== 0) throw new Error(`tintype ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout.trim();
}

async function api<T>(who: Instance, path: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${who.token}`);
  const answer = await fetch(`${who.url}/api${path}`, { ...init, headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

function post(who: Instance, body: object): Promise<StatusJson> {
  const headers = { 'content-type': 'application/json' };
  return api(who, '/v1/statuses', { method: 'POST', headers, body: JSON.stringify(body) });
}

const me = (who: Instance) => api<AccountJson>(who, '/v1/accounts/verify_credentials');

async function deliveries(who: Instance): Promise<{ host: string }[]> {
  const said = JSON.parse(await verb(who.home, ['jobs', 'deliveries', '--json']));
  return said.deliveries ?? said;
}

async function find(who: Instance, whom: Instance): Promise<string> {
  const query = `/v2/search?resolve=true&q=${encodeURIComponent(whom.handle)}`;
  const found = await api<{ accounts: AccountJson[] }>(who, query);
  const [account] = found.accounts;
  if (!account) throw new Error(`${whom.handle} was not found.`);
  return account.id;
}

async function follow(who: Instance, whom: Instance): Promise<void> {
  const id = await find(who, whom);
  await api(who, `/v1/accounts/${id}/follow`, { method: 'POST' });
  await waitFor(async () => {
    const query = `/v1/accounts/relationships?id[]=${id}`;
    const [relationship] = await api<{ following: boolean }[]>(who, query);
    return relationship?.following === true;
  });
}

async function unfollow(who: Instance, whom: Instance): Promise<void> {
  await api(who, `/v1/accounts/${await find(who, whom)}/unfollow`, { method: 'POST' });
}

/** The home timeline, as soon as it is as it should be. */
async function until(
  who: Instance,
  right: (posts: StatusJson[]) => boolean,
  limit = 20,
): Promise<StatusJson[]> {
  let posts: StatusJson[] = [];
  await waitFor(async () => {
    posts = await api<StatusJson[]>(who, `/v1/timelines/home?limit=${limit}`);
    return right(posts);
  });
  return posts;
}

async function waitFor(true_: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (await true_()) return;
    await Bun.sleep(50);
  }
  throw new Error('It did not happen within a minute.');
}
