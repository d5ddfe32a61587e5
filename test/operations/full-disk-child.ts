// What `full-disk.test.ts` runs on a disk of 16 MB: `guarded` or `full`, and the mounted folder.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { PASSWORD, type Person, type TestApp } from '#test/harness/app.ts';
import { type Front, form, openFront, pathOf, upload } from '#test/media/front.ts';
import { createMediaApp, photo, tempFiles } from '#test/media/world.ts';

const [scenario, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Which folder?');
const ballast = join(folder, 'ballast');
const minFree = scenario === 'guarded' ? '4MB' : '0';
const app = await createMediaApp({
  data: join(folder, 'data'),
  settings: { 'storage.min_free': minFree },
  config: { rates: false },
});
const front = openFront(app);
const ann = await app.person('ann', 'owner');
const bytes = await photo(900, 700);

await checkStep(app);
const first = await upload(front, ann, bytes);
const taken = await fill(front, ann);
assert.ok(taken.length > 0, 'nothing fitted at all');
await checkStep(app);

// Reading goes on in both cases.
const file = await front.request(pathOf(first.url), { token: ann.token });
assert.equal(file.status, 200);
assert.equal((await file.arrayBuffer()).byteLength > 10_000, true);

if (scenario === 'guarded') {
  const signIn = await app.request('/sign-in', {
    form: { login: 'ann', username: 'ann', password: PASSWORD },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  assert.ok(signIn.status < 500, `sign-in: ${signIn.status}`);
} else {
  // To the last byte: only what is on the disk already can be counted on.
  fillWith(ballast);
  assert.equal((await send(front, ann)).status, 507);
  await checkStep(app);
  rmSync(ballast);
}
for (const id of taken) {
  const remove = () => front.request(`/api/v1/media/${id}`, { method: 'DELETE', token: ann.token });
  let answer = await remove();
  // Removing needs a little space itself; a try without any makes some.
  if (answer.status === 507) answer = await remove();
  assert.equal(answer.status, 200);
}
await app.settle();
await checkStep(app);
assert.equal((await send(front, ann)).status, 200, 'there is room again');
await checkStep(app);
await app.close();
process.stdout.write('done\n');

function send(to: Front, person: Person): Promise<Response> {
  return to.request('/api/v2/media', { token: person.token, body: form(bytes) });
}

/** Uploads, two at a time, until ten in a row were refused. */
async function fill(to: Front, person: Person): Promise<string[]> {
  const ids: string[] = [];
  for (let refused = 0; refused < 10; ) {
    for (const answer of await Promise.all([send(to, person), send(to, person)])) {
      const json = (await answer.json()) as { id: string; error: string };
      if (answer.status === 200) ids.push(json.id);
      else {
        assert.equal(answer.status, 507, `${answer.status} ${json.error}`);
        refused += 1;
      }
    }
  }
  return ids;
}

async function checkStep(on: TestApp): Promise<void> {
  assert.deepEqual(await verifyStorage(on.ctx, { deep: true }), {
    missing: [],
    changed: [],
    orphans: [],
  });
  assert.deepEqual(tempFiles(on), []);
  assert.deepEqual(await reconcileUsage(on.ctx), []);
  const check = on.ctx.db.query<{ integrity_check: string }, []>('PRAGMA integrity_check').get();
  assert.equal(check?.integrity_check, 'ok');
  const held = on.ctx.db.query<{ n: number }, []>('SELECT count(*) AS n FROM reservations').get();
  assert.equal(held?.n, 0);
}

function fillWith(path: string): void {
  for (const size of [1_000_000, 4096, 64]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for pieces of this size.
    }
  }
}
