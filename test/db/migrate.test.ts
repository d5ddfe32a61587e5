import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '#base/db/migrate.ts';
import { openDatabase, readPragma } from '#base/db/open.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const root = tempDir();
const first = 'CREATE TABLE photos (id INTEGER PRIMARY KEY) STRICT;';
const second = 'ALTER TABLE photos ADD COLUMN caption TEXT; INSERT INTO photos (id) VALUES (2);';
const copyPath = (name: string) => (version: number) => join(root, `${name}-copy-${version}.db`);

test('a step runs once, after a copy that holds what was there before', () => {
  const db = openDatabase(join(root, 'steps.db'));
  expect(migrate(db, copyPath('steps'), [first]).copy).toBeNull();
  db.run('INSERT INTO photos (id) VALUES (1)');
  const report = migrate(db, copyPath('steps'), [first, second]);
  expect(report).toMatchObject({ from: 1, to: 2 });
  const copy = new Database(report.copy ?? '', { readonly: true });
  expect(copy.query('SELECT * FROM photos').all()).toEqual([{ id: 1 }]);
  expect(readPragma(copy, 'user_version')).toBe(1);
  expect(migrate(db, copyPath('again'), [first, second])).toEqual({ from: 2, to: 2, copy: null });
  expect(db.query('SELECT id FROM photos').all()).toEqual([{ id: 1 }, { id: 2 }]);
});

test('a step that fails leaves nothing of itself, and the version says so', () => {
  const db = openDatabase(join(root, 'fails.db'));
  migrate(db, copyPath('fails'), [first]);
  const broken = `${second} INSERT INTO nowhere VALUES (1);`;
  expect(() => migrate(db, copyPath('fails'), [first, broken])).toThrow('nowhere');
  expect(readPragma(db, 'user_version')).toBe(1);
  expect(db.query('SELECT * FROM photos').all()).toEqual([]);
  expect(existsSync(join(root, 'fails-copy-1.db'))).toBe(true);
  expect(migrate(db, copyPath('mended'), [first, second]).to).toBe(2);
});

test('a table that is built anew keeps what points to it, and a broken reference stops the step', () => {
  const db = openDatabase(join(root, 'rebuilt.db'));
  const tables = `CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE b (a INTEGER REFERENCES a ON DELETE CASCADE) STRICT;
    INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);`;
  const rebuild = `CREATE TABLE c (id INTEGER PRIMARY KEY, more TEXT) STRICT;
    INSERT INTO c (id) SELECT id FROM a; DROP TABLE a; ALTER TABLE c RENAME TO a;`;
  migrate(db, copyPath('rebuilt'), [tables, rebuild]);
  expect(db.query('SELECT * FROM b').all()).toEqual([{ a: 1 }]);
  const careless = [tables, rebuild, 'DELETE FROM a'];
  expect(() => migrate(db, copyPath('careless'), careless)).toThrow('references of b');
  expect(db.query('SELECT id FROM a').all()).toEqual([{ id: 1 }]);
  expect(readPragma(db, 'foreign_keys')).toBe(1);
});

test('a database of another program is not touched', () => {
  const path = join(root, 'foreign.db');
  const foreign = new Database(path, { create: true });
  foreign.run('PRAGMA application_id = 7');
  foreign.close();
  expect(() => openDatabase(path)).toThrow('another program');
});

test('what everything relies on is switched on', () => {
  const db = openDatabase(join(root, 'pragmas.db'));
  const pragma = (name: string) => readPragma(db, name);
  expect([pragma('foreign_keys'), pragma('synchronous'), pragma('busy_timeout')]).toEqual([
    1, 2, 10_000,
  ]);
  expect(db.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
});
