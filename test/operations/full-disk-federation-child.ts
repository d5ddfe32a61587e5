// What `full-disk.test.ts` runs on a disk of 16 MB, for what comes from and goes to other servers.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { deliveries, writeLetter } from '#test/federation/delivery-rows.ts';
import { activityOf, letFollow, noteOf } from '#test/federation/inbound-world.ts';
import { createFederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';

const [, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Which folder?');
const ballast = join(folder, 'ballast');
const MOST = 3000;

const peer = createPeer({ address: '127.0.0.31' });
const app = await createFederatedApp({
  address: '127.0.0.32',
  data: join(folder, 'data'),
  config: { rates: false },
});
const ann = await app.person('ann', 'owner');
const bob = peer.actor('bob');
await letFollow(app, ann, bob);
await readSigningKey(app.ctx, 0);
await settleAll(app);

const promised: number[] = [];
const refused: number[] = [];
let next = 0;

async function send(number: number): Promise<void> {
  const note = noteOf(bob, number, { content: `<p>${'word '.repeat(200)}</p>` });
  const answer = await peer.post(`${app.origin}/inbox`, activityOf(bob, 'Create', note), {
    as: bob,
  });
  if (answer.status === 202) promised.push(number);
  else {
    assert.equal(answer.status, 503, await answer.text());
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/);
    refused.push(number);
  }
}

for (let count = 0; count < 10; count += 1) await send(next++);
const letters = Array.from({ length: 20 }, () => writeLetter(app.ctx, [`${peer.origin}/inbox`]));

// To the last byte. What the database has for itself already is used up by what comes in.
fillWith(ballast);
while (refused.length < 20 && next < MOST) await send(next++);
assert.equal(refused.length, 20, 'the disk was never full');

// Work goes on meanwhile, and nothing of it can be written down.
const before = deliveries(app.ctx).map(({ state }) => state);
const working = settleAll(app).catch(() => {});
await Bun.sleep(300);
assert.ok(before.every((state) => state === 'waiting'));
assert.equal((await fetch(`${app.origin}/livez`)).status, 200);

rmSync(ballast);
await working;
// What came back from the peers is written a few seconds later.
for (let tries = 0; tries < 100; tries += 1) {
  await settleAll(app);
  if (deliveries(app.ctx).every(({ state }) => state === 'delivered')) break;
  await Bun.sleep(100);
}
for (const number of refused.splice(0)) await send(number);
await settleAll(app);

assert.deepEqual(refused, []);
const stored = app.ctx.db
  .query<{ uri: string }, []>('SELECT uri FROM posts WHERE uri IS NOT NULL')
  .all()
  .map(({ uri }) => Number(uri.split('/').at(-1)));
assert.deepEqual(
  stored.toSorted((a, b) => a - b),
  promised.toSorted((a, b) => a - b),
);
assert.deepEqual([...new Set(deliveries(app.ctx).map(({ state }) => state))], ['delivered']);
// Each once, although nobody could write down that it had arrived.
const arrived = peer.posted().map(({ id }) => String(id));
assert.deepEqual(arrived.toSorted(), letters.toSorted());
const check = app.ctx.db.query<{ integrity_check: string }, []>('PRAGMA integrity_check').get();
assert.equal(check?.integrity_check, 'ok');
await app.close();
await peer.close();
process.stdout.write('done\n');

function fillWith(path: string): void {
  for (const size of [1_000_000, 4096, 64]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for pieces of this size.
    }
  }
}
