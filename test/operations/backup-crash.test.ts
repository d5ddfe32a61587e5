import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownCommand } from '#base/platform/own-command.ts';
import { listSnapshots } from '#domain/backup/list.ts';
import { openPlace } from '#domain/backup/place.ts';
import {
  backUp,
  check,
  createBackupWorld,
  filesBelow,
  orderFor,
  storeFiles,
} from '#test/backup/world.ts';

const ROUNDS = 15;
const world = await createBackupWorld();
afterAll(() => world.close());

/** The executable where it was built for the tests, else the sources. */
const [binary] = [process.env.TINTYPE_BINARY];
const command = binary === undefined ? ownCommand('backup-worker') : [binary, 'backup-worker'];

/** Starts a backup and kills it after so many milliseconds; true if it was over by then. */
async function killAfter(milliseconds: number, round: number): Promise<boolean> {
  const stage = join(world.app.ctx.files.tmp, `crash-${round}`);
  mkdirSync(stage, { mode: 0o700 });
  // Old backups go in some rounds, so that pruning is hit as well.
  const keep = round % 3 === 0 ? { h: 1 } : null;
  const order = { ...orderFor(world), keep, stage, now: Date.UTC(2026, 0, 1) + round * 3_700_000 };
  const child = Bun.spawn(command, { stdin: 'pipe', stdout: 'ignore', stderr: 'ignore', env: {} });
  child.stdin.write(`${JSON.stringify(order)}\n`);
  await child.stdin.flush();
  await Bun.sleep(milliseconds);
  child.kill('SIGKILL');
  await child.exited;
  return child.signalCode === null;
}

test('T120, T122: SIGKILL at random moments of a backup leaves no half backup that counts, and the next one works', async () => {
  await storeFiles(world.app, 150, 3000);
  await killAfter(5000, 0);
  let killed = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [removed = ''] = await storeFiles(world.app, 15, 3000);
    world.app.ctx.db.query('DELETE FROM blobs WHERE name = $name').run({ name: removed });
    if (!(await killAfter(60 + Math.random() * 500, round))) killed += 1;
    const place = await openPlace(world.target, { s3: null, passphrase: null });
    // Whatever counts is whole, at every moment.
    const finished = (await listSnapshots(place)).filter((each) => each.finished);
    expect(finished.length).toBeGreaterThan(0);
    const { ok, problems } = await check(world);
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
  }
  expect(killed).toBeGreaterThan(ROUNDS / 3);
  const last = await backUp(world);
  expect(last).toMatchObject({ missingCount: 0, verify: { ok: true } });
  // Nothing half is left, and everything is ours alone.
  const left = await filesBelow(world.to);
  expect(left.filter((file) => file.includes('unfinished'))).toEqual([]);
  for (const file of left) expect(statSync(join(world.to, file)).mode & 0o077).toBe(0);
  const names = new Set(
    left.filter((file) => file.startsWith('snapshots')).map((file) => file.split('/')[1]),
  );
  for (const name of names)
    expect(readdirSync(join(world.to, 'snapshots', name ?? ''))).toContain('manifest.sig');
  // What the killed ones left in the data directory goes at the next start.
  const tmp = world.app.ctx.files.tmp;
  for (const file of await filesBelow(tmp)) {
    expect([file, statSync(join(tmp, file)).mode & 0o077]).toEqual([file, 0]);
  }
  const again = await world.app.reopen();
  expect(readdirSync(tmp)).toEqual([]);
  await again.close();
  expect(readFileSync(join(world.to, 'tintype-backups.json'), 'utf8')).toContain('"format": 1');
}, 180_000);
