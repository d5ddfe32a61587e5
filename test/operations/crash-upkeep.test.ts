import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomName } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { backUp } from '#domain/backup/back-up.ts';
import { readBackupKey } from '#domain/backup/keys.ts';
import { listSnapshots } from '#domain/backup/list.ts';
import { openPlace } from '#domain/backup/place.ts';
import { verifyBackup } from '#domain/backup/verify.ts';
import { removeBlobs } from '#domain/storage/remove.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { filesBelow, storeFiles } from '#test/backup/world.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import {
  familyOf,
  kill,
  killFamily,
  runProgramVerb,
  seededRandom,
  serveProgram,
  spawnVerb,
  untilGone,
} from '#test/harness/program.ts';
import { photo } from '#test/posts/world.ts';
import { expectInStep, expectOneSentence, expectSound, storePosts } from './appliance-world.ts';

const ROUNDS = 8;
const DAY = 86_400_000;
const random = seededRandom();
const root = mkdtempSync(join(tmpdir(), 'tintype-crash-upkeep-'));
const [data, place] = [join(root, 'data'), join(root, 'place')];
/** What a round begins with, and what it is done to. */
const [before, now] = [join(root, 'before'), join(root, 'now')];
afterAll(() => rmSync(root, { recursive: true, force: true }), 30_000);

/** Backups of four days, each with photos that the next one has not, and data with litter of every kind. */
beforeAll(async () => {
  const backup = { to: [{ kind: 'directory' as const, path: place }], passphrase: null };
  for (let day = 0; day < 4; day += 1) {
    const options = { config: { backup }, settings: { 'backup.keep': '99d' } };
    const app = await createTestApp({ data, now: Date.UTC(2026, 0, 1 + day), ...options });
    if (day === 0) await app.person('ann', 'owner');
    const names = await storeFiles(app, 40, 2000);
    expect((await backUp(app.ctx)).failures).toEqual([]);
    transaction(app.ctx.db, () => removeBlobs(app.ctx, names.slice(0, 30)));
    await app.settle();
    await app.close();
  }
  await makeLitter();
}, 120_000);

async function makeLitter(): Promise<void> {
  const app = await createTestApp({ data: before, now: Date.now() - 3 * DAY });
  for (let n = 0; n < 10; n += 1) {
    const person = await app.person(`person${n}`, n === 0 ? 'owner' : 'member');
    for (let each = 0; each < 4; each += 1) photo(app.ctx, person.viewer.id);
    await storePosts(app, person, { count: 2, bytes: 800 });
  }
  const doomed = await storeFiles(app, 80, 500);
  transaction(app.ctx.db, () => removeBlobs(app.ctx, doomed));
  app.ctx.db.run('UPDATE usage SET original_bytes = original_bytes + 12345');
  await app.close();
  const left = [join(before, 'exports', `${randomName(16)}.part`)];
  for (let n = 0; n < 120; n += 1) {
    const name = randomName(16);
    left.push(join(before, 'media/local', name.slice(0, 2), `${name}.jpg`));
  }
  for (const path of left) {
    mkdirSync(dirname(path), { recursive: true });
    await Bun.write(path, 'of nobody');
    utimesSync(path, 1, 1);
  }
}

test('T120, T122: SIGKILL at random points of tintype backup prune: whatever counts is whole, and the next one ends the work', async () => {
  const prune = (on: string) => ({
    args: ['backup', 'prune', '--data', data],
    env: { TINTYPE_BACKUP_TO: on, TINTYPE_BACKUP_KEEP: '1d' },
  });
  const run = (on: string) => runProgramVerb(prune(on).args, prune(on));
  cpSync(place, now, { recursive: true });
  expect((await run(now)).stdout).toStartWith('3 backups and ');
  const wanted = await filesBelow(now);
  const all = (await filesBelow(place)).length;
  let killed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    renew(place);
    const verb = spawnVerb(prune(now).args, prune(now));
    const said = new Response(verb.stderr).text();
    await untilFewer(now, all - (all - wanted.length) * random(), verb);
    const family = familyOf(verb.pid);
    const victim = round % 2 === 0 ? (family[1] ?? verb.pid) : verb.pid;
    kill(victim, 'SIGKILL');
    const code = await verb.exited;
    await untilGone(family);
    if (code !== 0) killed += 1;
    if (victim !== verb.pid && code !== 0) {
      // The log's line stands above it.
      expectOneSentence({ code, stderr: (await said).replace(/^[^\n]* ERROR [^\n]*\n/, '') });
    }
    await expectWholeBackups(now);
    expectSound(join(data, 'tintype.db'));
    expect((await run(now)).code).toBe(0);
    expect(await filesBelow(now)).toEqual(wanted);
  }
  expect(killed).toBeGreaterThan(1);
  await expectWholeBackups(now);
}, 120_000);

test('T122: SIGKILL at random points of the janitor and of storage.reconcile: no photo goes, and the next one ends the work', async () => {
  const all = (await filesBelow(before)).length;
  let killed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    renew(before);
    // Beside a server, which does the work then, or alone.
    const server = round % 2 === 0 ? await serveProgram(now) : null;
    const verb = spawnVerb(['janitor', '--data', now]);
    const other = spawnVerb(['jobs', 'run', 'storage.reconcile', '--data', now]);
    await untilFewer(now, all - 360 * random(), verb);
    if (verb.exitCode === null) killed += 1;
    for (const { pid } of [...(server === null ? [] : [server]), verb, other])
      await killFamily(pid);
    await Promise.all([verb.exited, other.exited]);
    expectSound(join(now, 'tintype.db'));
    await looking(async (app) => {
      const found = await verifyStorage(app.ctx, { deep: true });
      expect([found.missing, found.changed]).toEqual([[], []]);
    });
    for (const args of [['janitor'], ['jobs', 'run', 'storage.reconcile']]) {
      const ended = await runProgramVerb([...args, '--data', now]);
      expect([ended.code, ended.stderr]).toEqual([0, '']);
    }
    expect(readdirSync(join(now, 'exports'))).toEqual([]);
    await looking(async (app) => {
      await expectInStep(app);
      const rows = (sql: string) => app.ctx.db.query<{ n: number }, []>(sql).get()?.n;
      expect(rows('SELECT count(*) AS n FROM media')).toBe(20);
      expect(rows('SELECT count(*) AS n FROM doomed_files')).toBe(0);
    });
  }
  expect(killed).toBeGreaterThan(1);
}, 120_000);

test('T122: SIGKILL at random points of a drill leaves no second server, nothing beside the data, and the next one works', async () => {
  const drill = ['backup', 'drill', '--data', data];
  const how = { env: { TINTYPE_BACKUP_TO: place } };
  const begun = performance.now();
  expect(await runProgramVerb(drill, how)).toMatchObject({ code: 0, stderr: '' });
  const takes = performance.now() - begun;
  const entries = readdirSync(data).sort();
  const beside = readdirSync(root).sort();
  for (let round = 0; round < 4; round += 1) {
    const verb = spawnVerb(drill, how);
    await Bun.sleep(takes * (0.1 + 0.85 * random()));
    const family = familyOf(verb.pid);
    if (round % 3 === 2) await killFamily(verb.pid);
    else kill(family[round % 3] ?? verb.pid, 'SIGKILL');
    await verb.exited;
    await untilGone([...family, ...familyOf(verb.pid)]);
    expectSound(join(data, 'tintype.db'));
    // The next start clears up, whatever it starts for.
    expect(await runProgramVerb(['account', 'list', '--data', data])).toMatchObject({ code: 0 });
    expect(readdirSync(data).sort()).toEqual(entries);
    expect(readdirSync(join(data, 'tmp'))).toEqual([]);
    expect(readdirSync(root).sort()).toEqual(beside);
  }
  expect(await runProgramVerb(drill, how)).toMatchObject({ code: 0, stderr: '' });
}, 120_000);

function renew(from: string): void {
  rmSync(now, { recursive: true, force: true });
  cpSync(from, now, { recursive: true, preserveTimestamps: true });
}

async function looking(look: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await createTestApp({ data: now });
  await look(app).finally(() => app.close());
}

/** Waits until so few files are left below a folder, or the work is over. */
async function untilFewer(folder: string, files: number, work: { exitCode: number | null }) {
  const end = Date.now() + 20_000;
  while (work.exitCode === null && (await filesBelow(folder)).length > files) {
    if (Date.now() > end) throw new Error('Nothing is removed.');
    await Bun.sleep(2);
  }
}

/** Every backup that has its signature can be restored, to the last byte. */
async function expectWholeBackups(folder: string): Promise<void> {
  const opened = await openPlace(
    { kind: 'directory', path: folder },
    { s3: null, passphrase: null },
  );
  const finished = (await listSnapshots(opened)).filter((each) => each.finished);
  expect(finished.length).toBeGreaterThan(0);
  const stage = mkdtempSync(join(root, 'stage-'));
  const trustedKey = readBackupKey({ root: data }).publicKey;
  for (const { name } of finished) {
    const how = { stage, trustedKey, share: null, tell: () => undefined };
    const { problems } = await verifyBackup(opened, name, how);
    expect([name, problems]).toEqual([name, []]);
  }
  rmSync(stage, { recursive: true });
}
