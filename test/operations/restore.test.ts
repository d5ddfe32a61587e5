import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { takeLock } from '#base/platform/lock.ts';
import { backUp } from '#domain/backup/back-up.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { filesOf, rowsOf, TOUCHED } from '#test/backup/restore-world.ts';
import { storeFiles } from '#test/backup/world.ts';
import { createTestApp } from '#test/harness/app.ts';
import { createFullWorld } from '#test/harness/full-world.ts';
import { startObjectStore, type TestStore } from '#test/harness/object-store.ts';

const ROUNDS = 12;
type State = { rows: Record<string, string[]>; files: Record<string, string> };
const SECRET = 'correct horse battery staple';
const root = mkdtempSync(join(tmpdir(), 'tintype-restoring-'));
const sources = join(import.meta.dir, '..', '..');
/** The executable where it was built for the tests, else the sources. */
const program =
  process.env.TINTYPE_BINARY === undefined
    ? [process.execPath, join(sources, 'src/main.ts')]
    : [process.env.TINTYPE_BINARY];

/** What the backup holds, and the same a while later. */
const [then, later] = [join(root, 'then'), join(root, 'later')];
const place = join(root, 'place');
/** Rows that a backup and a restore write themselves. */
const OWN = [...TOUCHED, 'backup_runs', 'jobs', 'cron_runs', 'admin_banners'];
let store: TestStore;
let fingerprint = '';
let wanted: State;
let replaced: State;

beforeAll(async () => {
  store = await startObjectStore(['safe']);
  const data = join(root, 'data');
  const world = await createFullWorld({
    data,
    config: {
      s3: store.s3,
      backup: { to: [{ kind: 'bucket', bucket: 'safe', folder: 'at/home' }], passphrase: SECRET },
    },
  });
  await storeFiles(world.app, 40, 20_000);
  const made = await backUp(world.app.ctx);
  expect(made.failures).toEqual([]);
  fingerprint = made.backups[0]?.fingerprint ?? '';
  await world.app.close();
  const plain = await createTestApp({
    data,
    config: { backup: { to: [{ kind: 'directory', path: place }], passphrase: null } },
  });
  expect((await backUp(plain.ctx)).failures).toEqual([]);
  cpSync(data, then, { recursive: true });
  await plain.person('late');
  await storeFiles(plain, 10, 20_000);
  await plain.close();
  cpSync(data, later, { recursive: true });
  wanted = { rows: rowsOf(then, OWN), files: filesOf(then) };
  replaced = { rows: rowsOf(later, OWN), files: filesOf(later) };
}, 60_000);
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

const start = (args: string[], env: Record<string, string> = {}, before: string[] = []) =>
  Bun.spawn([...before, ...program, 'restore', ...args], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: { PATH: '/usr/bin:/bin', ...env },
  });

async function run(args: string[], env: Record<string, string> = {}, before: string[] = []) {
  const child = start(args, env, before);
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

const stateOf = (data: string): State => ({ rows: rowsOf(data, OWN), files: filesOf(data) });

/** Everything beside the data directories that a restore may have left. */
const leftovers = (data: string) =>
  readdirSync(root).filter((name) => name.startsWith(`${basename(data)}.restoring-`));

test('an encrypted backup in a bucket comes to a new machine with passphrase and fingerprint alone', async () => {
  const data = join(root, 'machine', 'data');
  const { endpoint, region, accessKey, secretKey } = store.s3;
  const address = new URL(endpoint);
  address.username = accessKey;
  address.searchParams.set('region', region);
  const env = {
    TINTYPE_S3_URL: address.href,
    TINTYPE_S3_SECRET: secretKey,
    TINTYPE_BACKUP_PASSPHRASE: SECRET,
  };
  const args = ['s3:safe/at/home', '--data', data];
  const { TINTYPE_BACKUP_PASSPHRASE: _, ...without } = env;
  const locked = await run(args, without);
  expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining('are encrypted')]);
  const wrong = await run(args, { ...env, TINTYPE_BACKUP_PASSPHRASE: 'another passphrase' });
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('does not open')]);
  const unknown = await run(args, env);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain(`s3:safe/at/home --fingerprint "${fingerprint}"`);
  expect(existsSync(data)).toBe(false);

  const tried = await run([...args, '--dry-run'], env);
  expect([tried.code, tried.stderr]).toEqual([0, '']);
  expect(tried.stdout).toContain(fingerprint);
  expect(existsSync(data)).toBe(false);

  const done = await run([...args, '--fingerprint', fingerprint, '--json'], env);
  expect([done.code, done.stderr]).toEqual([0, '']);
  expect(JSON.parse(done.stdout)).toMatchObject({ kept: null, media: { damaged: [] } });
  expect(stateOf(data)).toEqual(wanted);
  // The keys came along: the next backup is signed by the same one.
  expect(fingerprintOf(readBackupKey({ root: data }).publicKey)).toBe(fingerprint);
  expect(readFileSync(join(data, 'backup.key'))).toEqual(readFileSync(join(then, 'backup.key')));
}, 60_000);

test('T122: SIGKILL at random points of a restore leaves the old data or the new, and the next start cleans up', async () => {
  const data = join(root, 'crash');
  const args = [place, '--data', data];
  cpSync(later, data, { recursive: true });
  const begun = performance.now();
  expect((await run(args)).code).toBe(0);
  const takes = performance.now() - begun;
  const seen = { old: 0, new: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of readdirSync(root)) {
      if (name.startsWith('crash')) rmSync(join(root, name), { recursive: true });
    }
    cpSync(later, data, { recursive: true });
    const child = start(args);
    // Mostly in the second half, where it changes things.
    await Bun.sleep(takes * (0.3 + 0.8 * ((round + Math.random()) / ROUNDS)));
    const worker = childOf(child.pid);
    // The worker alone, the parent alone, or both.
    if (worker !== null && round % 4 !== 3) killQuietly(worker);
    if (worker === null || round % 2 === 1) child.kill('SIGKILL');
    await child.exited;
    await untilFree(data);
    // What starts next: a server, or another restore.
    if (round % 3 === 2) {
      expect(await run(args)).toMatchObject({ code: 0 });
      expect(stateOf(data)).toEqual(wanted);
    } else {
      const app = await createTestApp({ data });
      expect(await verifyStorage(app.ctx, { deep: true })).toMatchObject({
        missing: [],
        changed: [],
      });
      await app.close();
      const state = stateOf(data);
      const isNew = Bun.deepEquals(state, wanted);
      seen[isNew ? 'new' : 'old'] += 1;
      if (!isNew) expect(state).toEqual(replaced);
    }
    expect(leftovers(data)).toEqual([]);
    expect(existsSync(join(data, 'restore-under-way.json'))).toBe(false);
    const db = new Database(join(data, 'tintype.db'));
    expect(db.query('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db.close();
  }
  expect(seen.old).toBeGreaterThan(0);
}, 180_000);

test('a server that runs is not restored under', async () => {
  const data = join(root, 'running');
  cpSync(later, data, { recursive: true });
  const app = await createTestApp({ data });
  const refused = await run([place, '--data', data]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('Stop it first');
  await app.close();
  expect(stateOf(data)).toEqual(replaced);
}, 30_000);

test('where the disk takes no more the old data stays, nothing is left, and it says so', async () => {
  const data = join(root, 'limited');
  cpSync(later, data, { recursive: true });
  const limit = ['/bin/sh', '-c', 'ulimit -f 400; exec "$@"', 'sh'];
  const refused = await run([place, '--data', data], {}, limit);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/takes no more|no room|out of space|larger than this system/);
  expect(stateOf(data)).toEqual(replaced);
  // Whatever ended the child: the next start cleans up.
  await (await createTestApp({ data })).close();
  expect(leftovers(data)).toEqual([]);
}, 30_000);

test('back and forth: a restore is taken back, and that is taken back in turn', async () => {
  const data = join(root, 'back');
  cpSync(later, data, { recursive: true });
  expect((await run([place, '--data', data])).stdout).toContain('--go-back');
  expect(stateOf(data)).toEqual(wanted);
  expect((await run(['--go-back', '--data', data])).code).toBe(0);
  expect(stateOf(data)).toEqual(replaced);
  expect((await run(['--go-back', '--data', data])).code).toBe(0);
  expect(stateOf(data)).toEqual(wanted);
  expect((await run(['--forget-old', '--data', data])).code).toBe(1);
  expect((await run(['--forget-old', '--yes', '--data', data])).code).toBe(0);
  expect(readdirSync(root).filter((name) => name.startsWith('back.'))).toEqual([]);
  expect((await run(['--go-back', '--data', data])).stderr).toContain('has kept any data');
}, 30_000);

/** The worker that a restore has started, if it has by now. */
function childOf(parent: number): number | null {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]) === parent) {
        return Number(name);
      }
    } catch {
      // It ended while it was looked at.
    }
  }
  return null;
}

/** A worker without its parent ends by itself, soon. */
async function untilFree(data: string): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const lock = existsSync(join(data, 'lock')) ? takeLock(join(data, 'lock')) : null;
    if (lock === null) return;
    if ('release' in lock) return lock.release();
    if (Date.now() > end) throw new Error(`Process ${lock.heldBy} goes on without its parent.`);
    await Bun.sleep(20);
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}
