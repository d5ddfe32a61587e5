import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#base/db/open.ts';

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-db-'));
  const db = openDatabase(join(folder, 'test.db'));
  const close = () => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, close };
}

test('values go in and come out as they are, of every type', () => {
  const { db, close } = open();
  db.run('CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n TEXT) STRICT');
  const row = { i: 2 ** 52, r: 0.5, s: '+1 $x', b: new Uint8Array([0, 255]), n: null };
  db.query('INSERT INTO t VALUES ($i, $r, $s, $b, $n)').run(row);
  expect(db.query('SELECT * FROM t WHERE i = $i AND s = $s AND n IS $n').get(row)).toEqual(row);
  expect(db.query('UPDATE t SET i = i-$i WHERE b = $b').run(row).changes).toBe(1);
  expect(db.query<{ i: number }, []>('SELECT i FROM t').get()?.i).toBe(0);
  close();
});

test('limits, lists, patterns and JSON paths work as written', () => {
  const { db, close } = open();
  const list = db.query<{ value: number }, { ids: string; limit: number }>(
    'SELECT value FROM json_each($ids) ORDER BY value DESC LIMIT $limit',
  );
  expect(list.all({ ids: '[1,2,3]', limit: 2 })).toEqual([{ value: 3 }, { value: 2 }]);
  const path = db.query<{ x: number }, { json: string }>(
    `SELECT json_extract($json, '$.a[0]') AS x`,
  );
  expect(path.get({ json: '{"a":[7]}' })).toEqual({ x: 7 });
  const like = db.query<{ y: number }, { text: string; like: string }>(
    'SELECT $text LIKE $like AS y',
  );
  expect(like.get({ text: 'abc', like: 'a%' })).toEqual({ y: 1 });
  close();
});

test('the same text is the same statement', () => {
  const { db, close } = open();
  expect(db.query('SELECT $a AS a')).toBe(db.query('SELECT $a AS a'));
  close();
});
