import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import {
  makeFollowed,
  makeSenders,
  type Sender,
  sendAll,
  signCreate,
  writeRequest,
} from './inbound-world.ts';
import { residentBytes } from './memory.ts';
import { type Row, row } from './rows.ts';
import { type BenchServer, makeData, startServer } from './server.ts';
import { startPing } from './start-ping.ts';

const SENDERS = 8;
const CONNECTIONS = 32;
const ROUND = 4000;
const HOSTILE_MS = 4000;

type World = { data: string; server: BenchServer; inbox: string; senders: Sender[] };

/** What comes in: signed posts with two photos, accepted and stored, and what hostile bodies cost. */
export async function measureInbound(
  say: (text: string) => void,
  options: { quick: boolean },
): Promise<Row[]> {
  const world = await startWorld();
  say('signing what comes in');
  const rounds = options.quick ? 2 : 5;
  const all = Array.from({ length: ROUND * rounds }, (_, number) => signOne(world, number + ROUND));
  // Once without a look: code that has just started is still being compiled.
  await take(
    world,
    Array.from({ length: 1000 }, (_, number) => signOne(world, number)),
    1000,
  );
  let begin = 0;
  say('activities of other servers');
  const results: { accepted: number; stored: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const part = all.slice(round * ROUND, (round + 1) * ROUND);
    results.push(await take(world, part, 1000 + (round + 1) * ROUND));
    // Caches and compiled code fill in the first round; what is asked is whether it grows from there.
    if (round === 0) begin = residentBytes(world.server.pid).server;
  }
  const end = residentBytes(world.server.pid).server;
  say('hostile bodies');
  const held = await pingUnderHostile(world);
  await world.server.stop();
  const middle = (of: 'accepted' | 'stored') =>
    [...results].sort((a, b) => a[of] - b[of])[Math.floor(results.length / 2)]?.[of] ?? 0;
  return [
    row(
      'posts of other servers accepted',
      'req/s',
      { ours: middle('accepted') },
      { of: 'ours', min: 1000 },
    ),
    row(
      '… and stored with two photos each',
      'req/s',
      { ours: middle('stored') },
      { of: 'ours', min: 500 },
    ),
    row(
      `memory after ${all.length.toLocaleString('en')} of them, beside the first ${ROUND.toLocaleString('en')}`,
      'bytes',
      {
        ours: end,
        bare: begin,
      },
      { of: 'ratio', max: 1.3 },
    ),
    row('longest ping under hostile activities', 'ms', { ours: held }, { of: 'ours', max: 50 }),
  ];
}

async function startWorld(): Promise<World> {
  const { data } = await makeData();
  const senders = makeSenders(SENDERS);
  // The verb that made the owner made the tables, too.
  makeFollowed(data, senders);
  const { server } = await startServer(data, ['--federation-allow-addresses', '127.0.0.0/8']);
  return { data, server, inbox: `${server.url}/inbox`, senders };
}

function signOne({ inbox, senders }: World, number: number): Uint8Array<ArrayBuffer> {
  const sender = senders[number % senders.length];
  if (!sender) throw new Error('There are no senders.');
  return signCreate(inbox, sender, number);
}

/** Sends them all; how many a second were promised, and were stored. Throws unless every count is exact. */
async function take(
  world: World,
  requests: readonly Uint8Array<ArrayBuffer>[],
  expected: number,
): Promise<{ accepted: number; stored: number }> {
  const begun = performance.now();
  const statuses = await sendAll(world.inbox, requests, CONNECTIONS);
  const accepted = performance.now() - begun;
  if (statuses['202'] !== requests.length) {
    throw new Error(`Not all were accepted: ${JSON.stringify(statuses)}`);
  }
  const db = new Database(join(world.data, 'tintype.db'), { readonly: true });
  const count = (sql: string) => db.query<{ n: number }, []>(sql).get()?.n ?? -1;
  while (count('SELECT count(*) AS n FROM inbox_items') > 0) await Bun.sleep(20);
  const stored = performance.now() - begun;
  const counts = [
    count('SELECT count(*) AS n FROM posts'),
    count('SELECT count(*) AS n FROM media') / 2,
    count('SELECT sum(posts_count) AS n FROM accounts'),
  ];
  db.close();
  if (counts.some((each) => each !== expected)) {
    throw new Error(`${expected} posts should be there, counted were ${counts.join(', ')}.`);
  }
  const perSecond = (ms: number) => (requests.length / ms) * 1000;
  return { accepted: perSecond(accepted), stored: perSecond(stored) };
}

/** The longest wait of others while bodies come that are made to be expensive (T46), signed by a stranger. */
async function pingUnderHostile({ server, inbox }: World): Promise<number> {
  const headers = {
    date: new Date().toUTCString(),
    signature: 'keyId="http://127.0.0.3:9/users/evil#main-key",headers="date",signature="AAAA"',
  };
  const bodies = hostileBodies().map((body) => writeRequest(inbox, body, headers));
  const ping = startPing(server, '/livez');
  const end = performance.now() + HOSTILE_MS;
  while (performance.now() < end) {
    const many = Array.from({ length: 40 }, (_, index) => bodies[index % bodies.length]);
    await sendAll(
      inbox,
      many.filter((body) => body !== undefined),
      8,
    );
  }
  return (await ping()).held;
}

function hostileBodies(): string[] {
  const actor = '"actor":"http://127.0.0.3:9/users/evil","type":"Create"';
  return [
    '['.repeat(250_000),
    '{"a":'.repeat(50_000),
    `{${actor},"to":[${'"a",'.repeat(60_000)}"a"]}`,
    `{${actor},"content":"${'\\"'.repeat(120_000)}"}`,
    `{${actor},"content":"${'<p>'.repeat(80_000)}"}`,
    `{${actor},"to":[${'"a",'.repeat(19_000)}"a"]}`,
    `{${actor},"object":${'{"object":'.repeat(30)}1${'}'.repeat(30)}}`,
  ];
}
