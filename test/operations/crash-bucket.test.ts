import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  asStranger,
  type Home,
  makeHome,
  type Running,
  runVerb,
  startBinary,
} from '#test/harness/binary.ts';
import { type FlakyStore, startFlakyStore } from '#test/harness/flaky-store.ts';
import { photo } from '#test/media/world.ts';

const ROUNDS = 4;

let store: FlakyStore;
let home: Home;
let token = '';
/** What was answered 200: path of the full size and the hash of what came from it first. */
const promised = new Map<string, string>();

beforeAll(async () => {
  store = await startFlakyStore(['photos']);
  home = makeHome();
  const made = ['account', 'create', 'ann', '--email', 'ann@example.org', '--owner'];
  const password = { stdin: 'a long password for tests\n' };
  const created = await runVerb(home, [...made, '--password-stdin', '--data', home.data], password);
  expect(created.stderr).toBe('');
  const scopes = ['--scopes', 'read write', '--data', home.data];
  token = (await runVerb(home, ['account', 'token', 'ann', ...scopes])).stdout.trim();
}, 60_000);
afterAll(async () => {
  home.remove();
  await store.close();
});

const settings = (): Record<string, string> => ({
  TINTYPE_S3_URL: store.s3.endpoint.replace('://', '://S3RVER@').concat('?region=us-east-1'),
  TINTYPE_S3_SECRET: 'S3RVER',
  TINTYPE_MEDIA_BUCKET: 'photos/ours',
  TINTYPE_MEDIA_CACHE_SIZE: '1',
});
const start = (env = settings()) => startBinary(home, { env, args: ['--rates', 'off'] });
const bearer = () => ({ authorization: `Bearer ${token}` });

/** Uploads and publishes a photo; false once the server is gone. */
async function share(url: string): Promise<boolean> {
  try {
    const body = new FormData();
    body.append('file', new Blob([new Uint8Array(await photo(400, 300))]), 'photo.jpg');
    const media = await fetch(`${url}/api/v2/media`, { method: 'POST', headers: bearer(), body });
    if (!media.ok) throw new Error(`The upload was answered ${media.status}.`);
    const { id } = (await media.json()) as { id: string };
    const headers = { ...bearer(), 'content-type': 'application/json' };
    const post = JSON.stringify({ status: 'a photo', media_ids: [id] });
    const made = await fetch(`${url}/api/v1/statuses`, { method: 'POST', headers, body: post });
    const status = (await made.json()) as { media_attachments: { url: string }[] };
    for (const each of status.media_attachments) {
      const path = new URL(each.url).pathname;
      promised.set(path, '');
      promised.set(path, (await look(url, path)).sha256);
    }
    return true;
  } catch (error) {
    if (error instanceof Error && /The upload was answered/.test(error.message)) throw error;
    return false;
  }
}

async function look(url: string, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}${path}`, { headers });
  const bytes = await answer.bytes();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { status: answer.status, sha256, retry: answer.headers.get('retry-after'), bytes };
}

/** Everything that was promised is there, with its bytes. */
async function checkPromises(url: string): Promise<void> {
  for (const [path, sha256] of promised) {
    const seen = await look(url, path);
    expect([path, seen.status]).toEqual([path, 200]);
    if (sha256 === '') promised.set(path, seen.sha256);
    else expect([path, seen.sha256]).toEqual([path, sha256]);
  }
}

const usage = async () => {
  const { stdout } = await runVerb(home, ['media', 'usage', '--json', '--data', home.data]);
  return (JSON.parse(stdout) as { bucket: BucketUse }).bucket;
};
type BucketUse = {
  placed: { files: number; localFiles: number };
  unplaced: { files: number };
};

async function untilPlaced(): Promise<BucketUse> {
  const end = Date.now() + 60_000;
  for (;;) {
    const use = await usage();
    if (use.unplaced.files === 0 || Date.now() > end) return use;
    await Bun.sleep(100);
  }
}

/** Begins a move and kills the server in the middle of it. */
async function killWhileMoving(server: Running, to: string, milliseconds: number): Promise<void> {
  const verb = Bun.spawn(
    asStranger([home.binary, 'media', 'move', '--to', to, '--data', home.data]),
    { cwd: home.program, env: {}, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
  );
  await Bun.sleep(milliseconds);
  await server.kill9();
  await verb.exited;
}

function localFiles(): number {
  const folder = join(home.data, 'media', 'local');
  return readdirSync(folder, { recursive: true }).filter((name) => `${name}`.includes('.')).length;
}

test('T122: SIGKILL while photos go into the bucket and come home loses none of them', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await start();
    const sharing = (async () => {
      while (await share(server.url));
    })();
    const before = promised.size;
    const late = Date.now() + 10_000;
    while (promised.size < before + 2 && Date.now() < late) await Bun.sleep(10);
    await Bun.sleep(Math.random() * 400);
    await server.kill9();
    await sharing;
  }
  expect(promised.size).toBeGreaterThan(ROUNDS);
  let server = await start();
  const placed = await untilPlaced();
  expect(placed.unplaced.files).toBe(0);
  await checkPromises(server.url);
  for (let round = 0; round < ROUNDS; round += 1) {
    await killWhileMoving(server, round % 2 === 0 ? 'disk' : 'bucket', 150 + Math.random() * 500);
    server = await start();
    await checkPromises(server.url);
  }
  await server.stop();
}, 180_000);

test('with the store down photos are taken and the rest answers quickly; afterwards all is as before', async () => {
  const server = await start();
  const moved = await runVerb(home, ['media', 'move', '--to', 'bucket', '--data', home.data]);
  expect([moved.code, moved.stderr]).toEqual([0, '']);
  await server.stop();
  // What was looked at is kept for a while; after another start nothing needs it any more.
  const again = await start();
  const end = Date.now() + 30_000;
  while (localFiles() > 0 && Date.now() < end) await Bun.sleep(50);
  expect(localFiles()).toBe(0);
  const [path = ''] = promised.keys();
  store.mood = 'broken';
  const begun = Date.now();
  const seen = await look(again.url, path);
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(seen.status).toBe(503);
  expect(Number(seen.retry)).toBeGreaterThan(0);
  expect(await share(again.url)).toBe(true);
  store.mood = 'well';
  const back = Date.now() + 30_000;
  while ((await look(again.url, path)).status !== 200 && Date.now() < back) await Bun.sleep(200);
  await checkPromises(again.url);
  const part = await look(again.url, path, { range: 'bytes=5-14' });
  expect([part.status, part.bytes.length]).toEqual([206, 10]);
  await again.stop();
}, 120_000);

test('without the setting the server says what to do; once all is home it starts and shows everything', async () => {
  const refused = await runVerb(home, ['serve', '--data', home.data, '--listen', '127.0.0.1:0']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('tintype media move --to disk');
  const env = settings();
  const moved = await runVerb(home, ['media', 'move', '--to', 'disk', '--data', home.data], {
    env,
  });
  expect([moved.code, moved.stderr]).toEqual([0, '']);
  const server = await start({});
  await checkPromises(server.url);
  const left = readdirSync(join(store.folder, 'photos'), { recursive: true }).map(String);
  expect(left.filter((name) => /\/media\/.*_object$/.test(name))).toEqual([]);
  await server.stop();
}, 120_000);
