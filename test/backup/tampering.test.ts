import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSnapshots } from '#domain/backup/list.ts';
import { type BackupPlace, openPlace } from '#domain/backup/place.ts';
import { verifyBackup } from '#domain/backup/verify.ts';
import {
  type BackupWorld,
  backUp,
  check,
  createBackupWorld,
  filesBelow,
  storeFile,
  storeFiles,
} from './world.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

const secret = 'correct horse battery';
const worlds: { world: BackupWorld; passphrase: string | null }[] = [];
const known = crypto.getRandomValues(new Uint8Array(4000));
let knownHash = '';

beforeAll(async () => {
  for (const passphrase of [null, secret]) {
    const world = await createBackupWorld();
    await world.app.person('annabella', 'owner');
    await storeFiles(world.app, 4);
    knownHash = (await storeFile(world.app, known)).sha256;
    await backUp(world, passphrase);
    worlds.push({ world, passphrase });
  }
}, 60_000);
afterAll(async () => {
  for (const { world } of worlds) await world.close();
});

test('a changed, shortened, emptied or missing file is found, whichever it is', async () => {
  for (const { world, passphrase } of worlds) {
    const place = await openPlace(world.target, { s3: null, passphrase });
    for (const file of await filesBelow(world.to)) {
      const path = join(world.to, file);
      const bytes = readFileSync(path);
      const flipped = Buffer.from(bytes);
      const at = Math.floor(bytes.length / 2);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      // The end of a line alone changes nothing of a signature.
      const changes = [flipped, bytes.subarray(0, -2), Buffer.alloc(0)];
      // What opens the place is read when it is opened.
      const isOpener = !file.includes('/');
      for (const changed of isOpener ? [Buffer.alloc(0)] : changes) {
        // On the same disk the photo in the data directory is the same file: a new one in its place.
        rmSync(path, { force: true });
        writeFileSync(path, changed);
        expect([file, await judge(world, isOpener ? passphrase : place)]).toEqual([file, 'found']);
      }
      rmSync(path);
      expect([file, await judge(world, isOpener ? passphrase : place)]).toEqual([file, 'found']);
      writeFileSync(path, bytes);
    }
    expect(await judge(world, place)).toBe('whole');
  }
}, 120_000);

/** With a place it is looked at here, else it is opened by a child with that passphrase. */
async function judge(world: BackupWorld, how: BackupPlace | string | null): Promise<string> {
  try {
    if (how === null || typeof how === 'string') await check(world, null, how);
    else {
      const [{ name } = { name: '' }] = await listSnapshots(how);
      const stage = mkdtempSync(join(world.app.ctx.files.tmp, 'judge-'));
      const options = { stage, trustedKey: null, share: null };
      if (!(await verifyBackup(how, name, options)).ok) return 'found';
    }
    return 'whole';
  } catch {
    return 'found';
  }
}

test('a backup under the name of another moment, or signed by somebody else, is found', async () => {
  const world = await createBackupWorld();
  await storeFiles(world.app, 1);
  const { name, path } = await backUp(world);
  const later = '29990101T000000Z';
  cpSync(path, path.replace(name, later), { recursive: true });
  const moved = await check(world, later);
  expect(moved.problems).toEqual([`The backup ${later} does not belong where it lies.`]);
  // The data directory of a server whose key is another one.
  rmSync(join(world.app.ctx.files.root, 'backup.key'));
  const foreign = await check(world, name);
  expect(foreign.problems.join()).toContain('signed with another key');
  await world.close();
});

test('an encrypted place holds no byte of a photo, no hash of one and no word of the database', async () => {
  const [, sealed] = worlds;
  if (sealed === undefined) throw new Error('There is no such world.');
  const files = await filesBelow(sealed.world.to);
  expect(files.join('\n')).not.toContain(knownHash);
  for (const file of files) {
    const bytes = readFileSync(join(sealed.world.to, file));
    if (file === 'tintype-backups.json') continue;
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect(bytes.includes(Buffer.from(known.subarray(100, 116)))).toBe(false);
    for (const word of [
      'SQLite format',
      'CREATE TABLE',
      knownHash,
      'sha256',
      'publicKey',
      'annabella',
    ]) {
      expect([file, word, file !== 'key.age' && bytes.includes(word)]).toEqual([file, word, false]);
    }
  }
  // What signs backups and what opens stores travels in encrypted ones only.
  expect(files.some((file) => file.endsWith('keys/backup.key'))).toBe(true);
  const plain = await filesBelow(worlds[0]?.world.to ?? '');
  expect(plain.some((file) => file.endsWith('backup.key'))).toBe(false);
});

test('a wrong passphrase says so, and a missing one too', async () => {
  const [plain, sealed] = worlds;
  if (sealed === undefined || plain === undefined) throw new Error('There is no such world.');
  await expect(check(sealed.world, null, 'another passphrase')).rejects.toThrow('does not open');
  await expect(check(sealed.world)).rejects.toThrow('are encrypted');
  await expect(backUp(sealed.world)).rejects.toThrow('are encrypted');
  await expect(backUp(sealed.world, 'another passphrase')).rejects.toThrow('does not open');
  await expect(backUp(plain.world, secret)).rejects.toThrow('not encrypted');
});

test('a photo that went bad in the place is copied again by the next backup', async () => {
  for (const { world, passphrase } of worlds) {
    const media = (await filesBelow(world.to)).filter((file) => file.startsWith('media/'));
    const path = join(world.to, media[0] ?? '');
    const bytes = readFileSync(path);
    // The photo in the data directory may be the same file.
    rmSync(path);
    writeFileSync(path, Buffer.alloc(bytes.length));
    const report = await backUp(world, passphrase);
    expect(report).toMatchObject({ newFiles: 0, mended: 1, verify: { ok: true } });
  }
});

test('photos that are missing or damaged in the data directory are named, and the rest is backed up', async () => {
  const world = await createBackupWorld();
  const [gone = '', bad = ''] = await storeFiles(world.app, 5);
  rmSync(world.app.ctx.files.mediaPath(gone));
  writeFileSync(world.app.ctx.files.mediaPath(bad), 'x'.repeat(5000));
  const report = await backUp(world);
  expect(report).toMatchObject({ files: 3, missingCount: 2, verify: { ok: true } });
  expect(report.missing.sort()).toEqual([gone, bad].sort());
  await world.close();
});
