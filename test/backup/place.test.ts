import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlace } from '#domain/backup/place.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

const root = mkdtempSync(join(tmpdir(), 'tintype-place-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const mine = { instance: 'instance-one', origin: 'https://photos.example.org' };
const open = (folder: string, passphrase: string | null = null, make: typeof mine | null = mine) =>
  openPlace({ kind: 'directory', path: join(root, folder) }, { s3: null, passphrase }, make);
const secret = 'correct horse battery';
const sha256 = 'a'.repeat(64);

function localFile(bytes: number): string {
  const path = join(root, `local-${bytes}`);
  writeFileSync(path, Buffer.alloc(bytes, 'photo '));
  return path;
}

test('what is put comes back byte for byte, encrypted or not, whatever its size', async () => {
  for (const [folder, passphrase] of [
    ['plain', null],
    ['sealed', secret],
  ] as const) {
    const place = await open(folder, passphrase);
    for (const bytes of [0, 1, 65_536, 65_537, 1_000_000]) {
      const put = await place.put('media/aa/x', localFile(bytes));
      expect(put.bytes).toBe(bytes);
      expect(await place.size('media/aa/x')).toBe(place.storedBytes(bytes));
      expect(await place.hash('media/aa/x', { maxBytes: bytes })).toEqual(put);
      const back = join(root, `back-${folder}-${bytes}`);
      expect(await place.get('media/aa/x', back, { maxBytes: bytes })).toEqual(put);
      expect(readFileSync(back)).toEqual(readFileSync(localFile(bytes)));
      expect(statSync(back).mode & 0o777).toBe(0o600);
    }
  }
});

test('more than was promised is never read', async () => {
  const place = await open('plain');
  await place.put('media/aa/x', localFile(100_000));
  const back = join(root, 'too-much');
  await expect(place.get('media/aa/x', back, { maxBytes: 99_999 })).rejects.toThrow('larger');
  await expect(place.read('media/aa/x', 10)).rejects.toThrow('larger');
  await expect(place.read('media/aa/none', 10)).rejects.toThrow('not in the backup');
});

test('a place belongs to one Tintype', async () => {
  await open('owned');
  const other = { instance: 'instance-two', origin: 'https://other.example' };
  await expect(open('owned', null, other)).rejects.toThrow(
    'another Tintype (https://photos.example.org)',
  );
  const place = await open('owned', null, null);
  expect(place).toMatchObject({ ...mine, encrypted: false });
});

test('a passphrase is asked for, checked, and never mixed with backups that have none', async () => {
  await open('locked', secret);
  await expect(open('locked', null, null)).rejects.toThrow('are encrypted');
  await expect(open('locked', 'another passphrase', null)).rejects.toThrow('does not open');
  await open('unlocked');
  await expect(open('unlocked', secret)).rejects.toThrow('not encrypted');
  expect((await open('unlocked', secret, null)).encrypted).toBe(false);
});

test('a disk that is not connected does not become a folder', async () => {
  await expect(open('missing/disk')).rejects.toThrow('Is the disk connected?');
  await expect(open('nothing', null, null)).rejects.toThrow('There are no backups');
});

test('T120: folders and files of a place are readable by their owner alone', async () => {
  const place = await open('private');
  await place.put('media/aa/x', localFile(10));
  const modes = (path: string): number[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      const here = join(path, entry.name);
      return [statSync(here).mode & 0o077, ...(entry.isDirectory() ? modes(here) : [])];
    });
  expect([statSync(join(root, 'private')).mode & 0o077, ...modes(join(root, 'private'))]).toEqual([
    0, 0, 0, 0, 0,
  ]);
});

test('what an interrupted write left is never listed and goes', async () => {
  const place = await open('tidy');
  mkdirSync(join(root, 'tidy/media/aa'), { recursive: true });
  writeFileSync(join(root, 'tidy/media/aa/.unfinished-1'), 'half');
  writeFileSync(join(root, 'tidy/media/aa/whole'), 'whole');
  const paths = await Array.fromAsync(place.list('media/'), (entry) => entry.path);
  expect(paths).toEqual(['media/aa/whole']);
  await place.tidy();
  expect(readdirSync(join(root, 'tidy/media/aa'))).toEqual(['whole']);
});

test('names in an encrypted place tell nothing of the photos, and differ between places', async () => {
  const one = await open('names-one', secret);
  const two = await open('names-two', secret);
  expect(one.mediaPath(sha256)).toMatch(/^media\/[0-9a-f]{2}\/[0-9a-f]{64}$/);
  expect(one.mediaPath(sha256)).not.toContain(sha256);
  expect(one.mediaPath(sha256)).not.toBe(two.mediaPath(sha256));
  expect((await open('names-one', secret)).mediaPath(sha256)).toBe(one.mediaPath(sha256));
  expect((await open('names-plain')).mediaPath(sha256)).toBe(`media/aa/${sha256}`);
});

test('a changed byte of an encrypted file is found', async () => {
  const place = await open('changed', secret);
  await place.put('media/aa/x', localFile(100_000));
  const path = join(root, 'changed/media/aa/x');
  const bytes = readFileSync(path);
  bytes[50_000] = (bytes[50_000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  await expect(place.hash('media/aa/x', { maxBytes: 100_000 })).rejects.toThrow('damaged');
  writeFileSync(path, bytes.subarray(0, 80_000));
  await expect(place.hash('media/aa/x', { maxBytes: 100_000 })).rejects.toThrow('damaged');
});
