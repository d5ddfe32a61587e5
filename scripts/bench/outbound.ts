import { Database } from 'bun:sqlite';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish } from './client.ts';
import { median } from './load.ts';
import { makeFolder, outputOf, startProcess } from './processes.ts';
import { type Row, row } from './rows.ts';
import { makeData, startServer } from './server.ts';

const INBOXES = 500;
/** Servers that they are on, each with an address of its own. */
const HOSTS = 50;
const ROUNDS = 5;
const PORT = 19_400 + (process.pid % 1000);

/** What goes out: one post to 500 inboxes, each delivery a row, beside a bare loop that signs and posts. */
export async function measureOutbound(say: (text: string) => void): Promise<Row[]> {
  say('deliveries to 500 inboxes');
  const sink = startSink();
  const { data, token } = await makeData();
  makeFollowers(data);
  const allow = ['--federation-allow-addresses', '127.0.0.0/8'];
  const { server } = await startServer(data, allow);
  const db = new Database(join(data, 'tintype.db'), { readonly: true });
  const client = { url: server.url, token };
  // Once without a look: code that has just started is still being compiled, and the key is made.
  await sendOne(db, client, 0);
  const body = join(makeFolder(), 'body.json');
  writeFileSync(body, lastBody(db));
  const ours: number[] = [];
  const bare: number[] = [];
  for (let number = 1; number <= ROUNDS; number += 1) {
    ours.push(await sendOne(db, client, number));
    bare.push(await signAndPost(body));
  }
  db.close();
  await server.stop();
  sink.kill();
  const rate = (milliseconds: number[]) => (INBOXES / median(milliseconds)) * 1000;
  const measured = { ours: rate(ours), bare: rate(bare) };
  return [row(`${INBOXES} durable deliveries`, 'req/s', measured, { of: 'ratio', min: 0.7 })];
}

function startSink() {
  const script = join(import.meta.dir, 'sink.ts');
  return startProcess([process.execPath, script, String(PORT), '2', String(1 + HOSTS)]);
}

/** Writes 500 followers on 50 servers into the data of a server that is not running. */
function makeFollowers(data: string): void {
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  const owner = db.query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'owner'`).get();
  if (!owner) throw new Error('There is no owner.');
  db.transaction(() => {
    for (let number = 0; number < INBOXES; number += 1) {
      const domain = `127.0.0.${2 + (number % HOSTS)}:${PORT}`;
      const uri = `http://${domain}/users/f${number}`;
      const id = owner.id + 1 + number;
      db.query(
        `INSERT INTO accounts (id, username, domain, uri, inbox_url, fetched_at, created_at)
         VALUES ($id, $username, $domain, $uri, $inbox, 0, 0)`,
      ).run({ id, username: `f${number}`, domain, uri, inbox: `${uri}/inbox` });
      db.query(
        `INSERT INTO follows (follower_id, followee_id, state, created_at)
         VALUES ($id, $owner, 'accepted', 0)`,
      ).run({ id, owner: owner.id });
    }
  })();
  db.close();
}

/** Milliseconds from the request that publishes a post until the last of its deliveries is on disk as done. */
async function sendOne(
  db: Database,
  client: { url: string; token: string },
  number: number,
): Promise<number> {
  const begun = performance.now();
  await publish(client, { status: `Morning walk number ${number} along the #river` });
  const done = db.query<{ n: number }, []>(
    'SELECT count(*) AS n FROM deliveries WHERE finished_at IS NOT NULL',
  );
  const wanted = INBOXES * (number + 1);
  while ((done.get()?.n ?? 0) < wanted) {
    if (performance.now() - begun > 60_000) throw new Error('Deliveries are missing.');
    await Bun.sleep(5);
  }
  return performance.now() - begun;
}

function lastBody(db: Database): string {
  const row = db
    .query<{ body: string }, []>('SELECT body FROM activities ORDER BY id DESC LIMIT 1')
    .get();
  return row?.body ?? '';
}

async function signAndPost(body: string): Promise<number> {
  const script = join(import.meta.dir, 'sign-and-post.ts');
  const numbers = [String(INBOXES), String(PORT), String(HOSTS)];
  return Number(await outputOf([process.execPath, script, body, ...numbers], { env: {} }));
}
