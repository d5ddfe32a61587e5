import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, publish, read, signIn, upload } from './client.ts';
import { median } from './load.ts';
import { makePhoto } from './photo.ts';
import { makeFolder } from './processes.ts';
import type { Filled } from './reading.ts';
import { type Row, row } from './rows.ts';
import { startBare } from './server.ts';
import { type Ping, startPing } from './start-ping.ts';

/** Milliseconds that anything may hold the event loop. */
const MOST_MS = 50;
const ROUNDS = 5;
const ROUND_MS = 4000;

/** How long the event loop stands still: seen by a ping under everything at once, and page by page. */
export async function measureBlocks(filled: Filled): Promise<Row[]> {
  const cookie = await signIn(filled.client.url);
  const addresses = await listAddresses(filled.client);
  const slowest = { ms: 0, path: '' };
  for (const path of addresses) {
    const ms = await bestTime(filled.client, path, cookie);
    if (ms > slowest.ms) Object.assign(slowest, { ms, path });
  }
  const path = join(makeFolder(), 'body');
  writeFileSync(path, 'ok');
  const bareServer = (await startBare('json', path)).server;
  const longest = { ours: [] as Ping[], bare: [] as Ping[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const [ours, bare] = [startPing(filled.server, '/livez'), startPing(bareServer, '/')];
    await workHard(filled.client, addresses, cookie);
    longest.ours.push(await ours());
    longest.bare.push(await bare());
  }
  await bareServer.stop();
  const usual = (who: 'ours' | 'bare', kind: keyof Ping) =>
    median(longest[who].map((ping) => ping[kind]));
  const held = { ours: usual('ours', 'held'), bare: usual('bare', 'held') };
  const raw = { ours: usual('ours', 'raw'), bare: usual('bare', 'raw') };
  const budget = { of: 'ours', max: MOST_MS } as const;
  return [
    row(
      `slowest of ${addresses.length} addresses, alone: ${slowest.path}`,
      'ms',
      {
        ours: slowest.ms,
      },
      budget,
    ),
    row('longest ping under uploads, hostile bodies and reading', 'ms', held, budget),
    row('… with the wait for a processor', 'ms', raw),
  ];
}

/** Everything that a page or an app asks for, also far down where a timeline ends. */
async function listAddresses(client: Client): Promise<string[]> {
  const json = async (path: string) =>
    (await (await read(client, path)).json()) as { id: string }[];
  const [newest] = await json('/api/v1/timelines/home?limit=1');
  const owner = (await (await read(client, '/api/v1/accounts/verify_credentials')).json()) as {
    id: string;
  };
  const middle = Number(newest?.id) - 150 * 86_400_000 * 2048;
  const lists = [
    '/api/v1/timelines/home',
    '/api/v1/timelines/public',
    '/api/v1/timelines/tag/walk',
    `/api/v1/accounts/${owner.id}/statuses`,
    `/api/v1/accounts/${owner.id}/statuses?only_media=true`,
    `/api/v1/accounts/${owner.id}/followers`,
    `/api/v1/accounts/${owner.id}/following`,
    '/',
    '/@ann',
    '/tags/walk',
  ];
  const deep = lists.flatMap((path) => {
    const mark = path.includes('?') ? '&' : '?';
    return [`max_id=${middle}`, 'max_id=1000', `min_id=${middle}`, 'min_id=1', 'since_id=1'].map(
      (query) => path + mark + query,
    );
  });
  const single = ['/@ann.atom', '/@person7', '/about', '/compose', '/settings/profile'];
  const admin = ['/settings/storage', '/admin/accounts', '/admin/storage', '/admin/settings'];
  const post = [`/api/v1/statuses/${newest?.id}`, `/api/v1/statuses/${newest?.id}/context`];
  return [...lists, ...deep, ...single, ...admin, ...post];
}

/** Milliseconds of an address, the best of three: what it costs, not what the machine was doing. */
async function bestTime(client: Client, path: string, cookie: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const begun = performance.now();
    await get(client, path, cookie);
    times.push(performance.now() - begun);
  }
  return Math.min(...times);
}

async function get(client: Client, path: string, cookie: string): Promise<void> {
  const headers: Record<string, string> = path.startsWith('/api/')
    ? { authorization: `Bearer ${client.token}` }
    : { cookie };
  const answer = await fetch(client.url + path, { headers });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
}

/** Uploads, hostile bodies, posts and reading at once for a while. */
async function workHard(client: Client, addresses: string[], cookie: string): Promise<void> {
  const photo = await makePhoto(5);
  const bodies = hostileBodies();
  const end = performance.now() + ROUND_MS;
  const loop = async (work: (round: number) => Promise<unknown>): Promise<void> => {
    for (let round = 0; performance.now() < end; round += 1) await work(round);
  };
  await Promise.all([
    loop(async () => {
      const { id } = await upload(client, photo);
      await publish(client, { status: 'Uploaded', media_ids: [id] });
    }),
    loop(() => upload(client, photo)),
    loop((round) => get(client, addresses[round % addresses.length] ?? '/', cookie)),
    loop((round) => sendHostile(client, bodies[round % bodies.length])),
  ]);
}

type Hostile = { type: string; body: Uint8Array<ArrayBuffer> };

/** What is accepted as a body and costs the most to read. */
function hostileBodies(): Hostile[] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const part = '--b\r\nContent-Disposition: form-data; name="a[]"\r\n\r\nx\r\n';
  return [
    { type: 'application/json', body: bytes('['.repeat(900_000)) },
    { type: 'application/json', body: bytes(`{${'"a":{'.repeat(100_000)}`) },
    { type: 'application/json', body: bytes(`{"status":"${'#a @b '.repeat(150_000)}"}`) },
    { type: 'application/x-www-form-urlencoded', body: bytes('a[]=1&'.repeat(160_000)) },
    { type: 'application/x-www-form-urlencoded', body: bytes(`a${'[b]'.repeat(300_000)}=1`) },
    { type: 'multipart/form-data; boundary=b', body: bytes(part.repeat(100_000)) },
  ];
}

async function sendHostile(client: Client, hostile: Hostile | undefined): Promise<void> {
  if (!hostile) return;
  const headers = { authorization: `Bearer ${client.token}`, 'content-type': hostile.type };
  // The server may close the connection before it has read all of it.
  const answer = await fetch(`${client.url}/api/v1/statuses`, {
    method: 'POST',
    headers,
    body: hostile.body,
  }).catch(() => null);
  await answer?.arrayBuffer();
  await Bun.sleep(5);
}
