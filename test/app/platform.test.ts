import { expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomName } from '#base/core/secrets.ts';
import { createLive } from '#base/live/live.ts';
import { createFiles } from '#base/platform/files.ts';
import { createLog } from '#base/platform/log.ts';
import { silentLog } from '#test/harness/silent-log.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const root = tempDir();

test('only names that we make ourselves become paths', () => {
  const files = createFiles(join(root, 'names'));
  for (const name of [
    '../../etc/passwd',
    'a.jpg',
    `${randomName(16)}`,
    `${randomName(16)}.j/g`,
    '',
  ]) {
    expect(() => files.mediaPath(name)).toThrow('not the name of a blob');
  }
  const name = `${randomName(16)}.jpg`;
  expect(files.mediaPath(name)).toEndWith(`/media/local/${name.slice(0, 2)}/${name}`);
});

test('a file is put, listed and removed, and removing it twice is no error', async () => {
  const files = createFiles(join(root, 'put'));
  const temp = files.tempPath('jpg');
  writeFileSync(temp, 'bytes');
  const name = `${randomName(16)}.jpg`;
  await files.putMedia(temp, name);
  expect(existsSync(temp)).toBe(false);
  const listed = await Array.fromAsync(files.listMedia());
  expect(listed).toMatchObject([{ name, bytes: 5 }]);
  await files.removeMedia(name);
  await files.removeMedia(name);
  expect(await Array.fromAsync(files.listMedia())).toEqual([]);
  expect(files.freeBytes()).toBeGreaterThan(0);
});

test('a line of the log stays one line, whatever is in it', () => {
  const lines: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  log.debug('not this one');
  log.info('A\nB', { name: 'x\nERROR y="z"', count: 3 });
  log.warn('Failed', { error: new Error('outer', { cause: new Error('inner') }) });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\S+Z INFO A B name="x\\nERROR y=\\"z\\"" count=3$/);
  expect(lines[1]).toContain('"Error: outer <- Error: inner"');
});

test('a listener that fails harms no other, and one that left hears nothing', () => {
  const live = createLive(silentLog);
  const heard: string[] = [];
  live.on('a', () => {
    throw new Error('no');
  });
  const leave = live.on('a', (event) => heard.push(event.type));
  live.on('*', (event) => heard.push(`all ${event.type}`));
  live.emit({ type: 'a' });
  leave();
  live.emit({ type: 'a' });
  expect(heard).toEqual(['a', 'all a', 'all a']);
});
