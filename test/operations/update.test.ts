import { Database } from 'bun:sqlite';
import { afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashExecutable } from '#domain/upkeep/swap-executable.ts';
import { buildAs } from '#scripts/build.ts';
import { stranger } from '#test/harness/binary.ts';
import { createUpdateWorld, NEXT, type UpdateWorld, until } from './update-world.ts';

setDefaultTimeout(120_000);

let next = '';
beforeAll(async () => {
  next = await buildAs(NEXT);
});

const worlds: UpdateWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    await world.kill9();
    world.remove();
  }
});

async function open(options: { split?: boolean } = {}): Promise<UpdateWorld> {
  const world = await createUpdateWorld(options);
  worlds.push(world);
  await world.start();
  await world.post('before');
  return world;
}

/** Everything is as it was: what runs, what is installed, what was written, nothing left over. */
async function expectUntouched(world: UpdateWorld, old: string | null): Promise<void> {
  expect(await world.version()).not.toBe(NEXT);
  expect(hashExecutable(world.binary)).toBe(old);
  expect(await world.texts()).toEqual(['before']);
  expect(readdirSync(dirname(world.binary)).filter((name) => /next|part/.test(name))).toEqual([]);
  const left = existsSync(join(world.data, 'update'))
    ? readdirSync(join(world.data, 'update')).filter((name) => name !== 'previous.db')
    : [];
  expect(left).toEqual([]);
}

test('a server goes to the new version in its own process, and nothing is lost', async () => {
  const world = await open();
  const [pid, old] = [world.pid(), hashExecutable(world.binary)];
  await world.announce(next);
  const look = await world.verb(['update', '--check', '--from', world.releases, '--key', 'x']);
  expect([look.code, look.stderr]).toEqual([1, expect.stringContaining('Ed25519 key')]);
  const { code, stdout, stderr } = await world.update();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`Version ${NEXT} is installed. The server runs on with it.`);
  expect(await world.version()).toBe(NEXT);
  expect(world.pid()).toBe(pid);
  expect(await world.texts()).toEqual(['before']);
  await world.post('after');
  expect(hashExecutable(world.binary)).toBe(hashExecutable(next));
  expect(hashExecutable(`${world.binary}.previous`)).toBe(old);
  expect(statSync(world.binary).mode & 0o777).toBe(0o755);
  expect(rowsOf(join(world.data, 'update/previous.db'))).toBe(1);
  expect((await world.update()).stdout).toContain('is the newest version');
  await world.stop();
  await world.start();
  expect([await world.version(), await world.texts()]).toEqual([NEXT, ['before', 'after']]);
});

test('without a server the new version is installed, and comes up when it is started', async () => {
  const world = await open();
  await world.stop();
  await world.announce(next);
  const { code, stdout, stderr } = await world.update();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Start the server now.');
  expect(world.phase()).toBe('swapped');
  await world.start();
  expect([await world.version(), await world.texts()]).toEqual([NEXT, ['before']]);
  expect(world.phase()).toBe('done');
});

test.skipIf(stranger === null)(
  'root updates the executable of a service that may not write to its folder',
  async () => {
    const world = await open({ split: true });
    await world.announce(next);
    const { code, stderr } = await world.update();
    expect([code, stderr]).toEqual([0, '']);
    expect(await world.version()).toBe(NEXT);
    expect(await world.texts()).toEqual(['before']);
    expect(statSync(world.binary).uid).toBe(0);
    const strangers = [...new Bun.Glob('**').scanSync({ cwd: world.data, dot: true })];
    for (const name of strangers) {
      expect([name, statSync(join(world.data, name)).uid]).toEqual([name, stranger ?? 0]);
    }
  },
);

test('T129: wrong signature, wrong bytes and an older version change nothing', async () => {
  const world = await open();
  const old = hashExecutable(world.binary);
  const { publicKey } = (await import('#scripts/sign-release.ts')).makeReleaseKey();
  await world.announce({ script: 'echo started >> "$0.ran"' });
  expect((await world.update({ key: publicKey })).stderr).toContain('not signed with the key');
  truncateSync(join(world.releases, 'tintype-next'), 12);
  expect((await world.update()).stderr).toContain('not the one that was signed');
  await world.announce(next, { version: '0.0.9' });
  expect((await world.update()).stderr).toContain('only lead forward');
  expect(existsSync(join(world.releases, 'tintype-next.ran'))).toBe(false);
  await expectUntouched(world, old);
});

// What a new executable may do wrong, and the words that tell it.
const faults: [name: string, script: (good: string) => string, words: string][] = [
  ['crashes at once', () => 'echo "no such library" >&2; exit 127', 'no such library'],
  ['says something else', () => 'echo hello', 'so it was not installed'],
  ['is another version than it was announced as', () => 'exec OLD "$@"', 'says that it is version'],
  [
    'fails on the real data',
    (good) => `[ "$1" = quiet-copy ] && exec ${good} "$@"; echo "cannot migrate" >&2; exit 1`,
    'cannot migrate',
  ],
  [
    'spoils the database before it fails',
    (good) =>
      `[ "$1" = quiet-copy ] && exec ${good} "$@"; echo spoilt > "$3/tintype.db"; rm -f "$3"/tintype.db-*; exit 1`,
    'taken back',
  ],
];

for (const [name, script, words] of faults) {
  test(`a new executable that ${name} is not gone over to`, async () => {
    const world = await open();
    const old = hashExecutable(world.binary);
    await world.announce({ script: script(next).replace('OLD', world.binary) });
    const { code, stderr } = await world.update();
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
    await waitForAnswer(world);
    await expectUntouched(world, old);
    expect(world.phase()).toBe('failed');
  });
}

test('a new executable that ends when it is really started gives its place back', async () => {
  const world = await open();
  const old = hashExecutable(world.binary);
  await world.announce({ script: `[ "$1" != serve ] && exec ${next} "$@"; exit 3` });
  const { code, stderr } = await world.update();
  expect([code, stderr]).toEqual([1, expect.stringContaining('ended at once')]);
  // Nothing watches over this server: whoever starts it gets the old one.
  await world.start();
  await expectUntouched(world, old);
});

test('a disk without room stops an update with a sentence', async () => {
  const world = await open();
  const old = hashExecutable(world.binary);
  await world.announce(next);
  const wrap = ['/bin/sh', '-c', 'ulimit -f 20000; exec "$@"', 'sh'];
  const { code, stderr } = await world.update({ wrap });
  expect([code, stderr]).toEqual([1, expect.stringContaining('no room for the new version')]);
  await expectUntouched(world, old);
});

const PHASES = ['testing', 'testing', 'ordered', 'switching', 'switching', 'proven', 'swapped'];

test('T122: SIGKILL of the update and of the server in any phase leaves a whole server', async () => {
  const world = await open();
  const old = hashExecutable(world.binary);
  const expected = ['before'];
  await world.announce(next);
  let installed = false;
  for (const [round, phase] of [...PHASES, null].entries()) {
    if (installed) break;
    const update = world.spawnUpdate();
    await Promise.race([update.exited, reach(world, phase)]);
    await Bun.sleep(Math.random() * (phase === 'testing' ? 1500 : 60));
    await killFamily(update.pid);
    // Sometimes both go, as in a power cut; sometimes the server goes on alone for a while.
    if (round % 3 === 0) await Bun.sleep(Math.random() * 300);
    await world.kill9();
    await update.exited;
    await world.start();
    expect(await world.texts()).toEqual(expected);
    installed = (await world.version()) === NEXT;
    expect(hashExecutable(world.binary)).toBe(installed ? hashExecutable(next) : old);
    expect(['done', 'failed']).toContain(world.phase() ?? '');
    await world.post(`round ${round}`);
    expected.push(`round ${round}`);
  }
  if (!installed) expect((await world.update()).code).toBe(0);
  await waitForAnswer(world);
  expect(await world.version()).toBe(NEXT);
  expect(await world.texts()).toEqual(expected);
  await world.stop();
  const db = new Database(join(world.data, 'tintype.db'));
  expect(db.query('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(db.query('PRAGMA foreign_key_check').all()).toEqual([]);
  db.close();
}, 180_000);

/** Waits until an update is in a phase; null: somewhere. */
async function reach(world: UpdateWorld, phase: string | null): Promise<void> {
  const before = world.begun();
  const end = Date.now() + 15_000;
  while (
    Date.now() < end &&
    (world.begun() === before || (phase !== null && world.phase() !== phase))
  ) {
    await Bun.sleep(1);
  }
}

async function waitForAnswer(world: UpdateWorld): Promise<void> {
  const end = Date.now() + 20_000;
  while ((await world.version()) === null) {
    if (Date.now() > end) throw new Error('Nothing answers.');
    await Bun.sleep(50);
  }
}

/** Kills the verb, its worker and what that started; they are gone when this resolves. */
async function killFamily(pid: number): Promise<void> {
  const family = [pid];
  for (const member of family) {
    if (existsSync(`/proc/${member}`)) process.kill(member, 'SIGSTOP');
    const { stdout } = Bun.spawnSync(['ps', '-o', 'pid=', '--ppid', String(member)]);
    family.push(...stdout.toString().split(/\s+/).filter(Boolean).map(Number));
  }
  for (const member of family) if (isAlive(member)) process.kill(member, 'SIGKILL');
  // What waits for the disk cannot die before it is done.
  await until(async () => !family.some(isAlive));
}

function isAlive(pid: number): boolean {
  const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return state !== '' && !state.includes(') Z ');
}

function rowsOf(path: string): number {
  const db = new Database(path, { readonly: true });
  const row = db.query<{ count: number }, []>('SELECT COUNT(*) AS count FROM posts').get();
  db.close();
  return row?.count ?? 0;
}
