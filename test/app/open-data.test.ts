import { expect, test } from 'bun:test';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openData } from '#app/open-data.ts';
import { migrations } from '#base/db/migrations.ts';
import { readPragma } from '#base/db/open.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const root = tempDir();

test('a data directory has one owner at a time, and is free again when that one is done', () => {
  const path = join(root, 'lock');
  const first = openData(path, Date.now);
  expect(() => openData(path, Date.now)).toThrow('uses the data directory');
  first.close();
  openData(path, Date.now).close();
});

test('a fresh database is at the newest schema and no copy is made', () => {
  const data = openData(join(root, 'fresh'), Date.now);
  expect(readPragma(data.db, 'user_version')).toBe(migrations.length);
  expect(readPragma(data.db, 'auto_vacuum')).toBe(2);
  expect(data.migration.copy).toBeNull();
  expect(readdirSync(data.files.backups)).toEqual([]);
  data.close();
});

test('a database of a newer version is refused with a sentence and left as it is', () => {
  const path = join(root, 'newer');
  const data = openData(path, Date.now);
  data.db.run(`PRAGMA user_version = ${migrations.length + 1}`);
  data.close();
  expect(() => openData(path, Date.now)).toThrow('newer Tintype');
});

test('a directory that others could read before is closed to them', () => {
  const path = join(root, 'open');
  const data = openData(path, Date.now);
  data.close();
  chmodSync(join(path, 'tintype.db'), 0o644);
  openData(path, Date.now).close();
  expect(statSync(join(path, 'tintype.db')).mode & 0o077).toBe(0);
  expect(existsSync(join(path, 'media', 'local'))).toBe(true);
});
