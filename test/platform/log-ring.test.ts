import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogRing } from '#base/platform/log-ring.ts';

const directory = mkdtempSync(join(tmpdir(), 'tintype-ring-'));
const place = (name: string) => join(directory, name);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!isTrue() && Date.now() < end) await Bun.sleep(20);
  expect(isTrue()).toBe(true);
}

function newest(name: string): string {
  const path = join(place(name), 'tintype.log');
  return statSync(path, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(path, 'utf8');
}

const line = (n: number) => `2026-01-01T00:00:00.000Z INFO number ${n} ${'x'.repeat(100)}`;

test('lines reach the disk, in order, readable by their owner alone', async () => {
  const ring = createLogRing(place('a'));
  for (let n = 0; n < 3; n += 1) ring.write(line(n));
  const path = join(place('a'), 'tintype.log');
  await until(() => statSync(path, { throwIfNoEntry: false })?.size !== undefined);
  await until(() => readFileSync(path, 'utf8').includes('number 2'));
  ring.write(line(3));
  ring.close();
  expect(readFileSync(path, 'utf8')).toMatch(/number 0.*\n.*number 1.*\n.*number 2.*\n.*number 3/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(place('a')).mode & 0o777).toBe(0o700);
});

test('the files together never hold more than they may', async () => {
  const ring = createLogRing(place('b'), { bytes: 2000, files: 3, pause: 10 });
  for (let round = 0; round < 5; round += 1) {
    for (let n = 0; n < 20; n += 1) ring.write(line(round * 100 + n));
    await until(() => newest('b').includes(`number ${round * 100 + 19} `));
  }
  ring.close();
  const names = readdirSync(place('b')).sort();
  expect(names).toEqual(['tintype.1.log', 'tintype.2.log', 'tintype.log']);
  expect(readFileSync(join(place('b'), 'tintype.log'), 'utf8')).toContain('number 419 ');
});

test('a disk that takes nothing costs lines and nothing else', async () => {
  // A file stands where the directory should be: as good as any disk that refuses.
  writeFileSync(place('c'), '');
  const ring = createLogRing(place('c'));
  for (let n = 0; n < 10_000; n += 1) ring.write(line(n));
  await Bun.sleep(50);
  rmSync(place('c'));
  await until(
    () => statSync(join(place('c'), 'tintype.log'), { throwIfNoEntry: false }) !== undefined,
  );
  ring.close();
  const text = readFileSync(join(place('c'), 'tintype.log'), 'utf8');
  expect(text.length).toBeLessThan(300_000);
  expect(text).toContain('number 0 ');
});

test('what went wrong before the start is still known after it', () => {
  const before = createLogRing(place('d'));
  before.write('2026-01-01T00:00:00.000Z ERROR It broke.');
  before.write('2026-01-01T00:00:01.000Z INFO ERROR is only a word here');
  before.write(`2026-01-01T00:00:02.000Z WARNING ${'long '.repeat(2000)}`);
  before.close();
  const after = createLogRing(place('d'));
  expect(after.recent().map((each) => each.slice(25, 34))).toEqual(['WARNING l', 'ERROR It ']);
  expect(after.recent()[0]?.length).toBeLessThan(4100);
  after.close();
});
