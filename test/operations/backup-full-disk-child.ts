// What `backup-full-disk.test.ts` runs on a small disk: the place of backups is on it, or the data.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUp } from '#domain/backup/back-up.ts';
import { readBusy } from '#domain/backup/busy.ts';
import { checkOneBackup } from '#domain/backup/check-one-backup.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { filesBelow, storeFiles } from '#test/backup/world.ts';
import { createTestApp } from '#test/harness/app.ts';

const [scenario, folder = '', elsewhere = ''] = process.argv.slice(2);
const [data, to] = scenario === 'place' ? [elsewhere, folder] : [folder, elsewhere];
const target = { kind: 'directory' as const, path: join(to, 'backups') };
mkdirSync(join(data, 'data'), { mode: 0o700 });
const app = await createTestApp({
  data: join(data, 'data'),
  config: { backup: { to: [target], passphrase: null } },
});
await app.person('ann', 'owner');
await storeFiles(app, 10, 50_000);
const small = await backUp(app.ctx);
assert.deepEqual(small.failures, []);

// More than fits is refused before a byte is copied.
const ballast = join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(scenario === 'place' ? 12_000_000 : 25_000_000));
if (scenario === 'place') await storeFiles(app, 26, 500_000);
const before = await filesBelow(target.path);
const refused = await backUp(app.ctx);
assert.match(refused.failures[0]?.problem ?? '', /^There is too little room in /);
assert.deepEqual(await filesBelow(target.path), before);
assert.deepEqual(readdirSync(app.ctx.files.tmp), []);

// The earlier backup is as whole as it was, and so is the data.
assert.equal((await checkOneBackup(app.ctx, { target, name: null })).ok, true);
assert.deepEqual((await verifyStorage(app.ctx, { deep: true })).missing, []);
rmSync(ballast);

// Nobody can know beforehand who else writes to a disk.
if (scenario === 'place') {
  const running = backUp(app.ctx);
  while (readBusy(app.ctx.db)?.progress?.step !== 'photos') await Bun.sleep(1);
  fillWith(ballast);
  const [failure] = (await running).failures;
  rmSync(ballast);
  if (failure !== undefined) assert.match(failure.problem, /^There is no room left in /);
  process.stderr.write(`${failure?.problem ?? 'It was over before the disk was full.'}\n`);
  const left = (await filesBelow(target.path)).filter((file) => file.includes('unfinished'));
  assert.deepEqual(left, []);
}
app.ctx.db.run('DELETE FROM blobs WHERE bytes = 500000');
assert.deepEqual((await backUp(app.ctx)).failures, []);
await app.close();
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
