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

test('what is written in texts, names and comments is no parameter', () => {
  const { db, close } = open();
  const row = db
    .query<Record<string, unknown>, { a: number }>(
      `SELECT 'US$dollar, it''s $a' AS price, 1 AS "$a", $a AS value -- costs $nothing
       /* nor $this */ WHERE $a IN ($a, 5)-$a+1`,
    )
    .get({ a: 1 });
  expect(row).toEqual({ price: "US$dollar, it's $a", $a: 1, value: 1 });
  close();
});

test('a column compares with a parameter as if nothing stood before it', () => {
  const { db, close } = open();
  db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, n INTEGER) STRICT');
  db.run('CREATE INDEX by_text ON t (s, n)');
  db.query('INSERT INTO t VALUES ($id, $s, $n)').run({ id: 1, s: '5', n: 5 });
  // The other way of naming parameters is left alone, so it tells what SQLite does by itself.
  const conditions = ['s = V', 'n = V', 's > V', 'n IN (V, 9)', '(s, n) = (V, V)', 's || V = 55'];
  for (const condition of conditions) {
    for (const v of ['5', 5, '05', 5.5, null]) {
      const found = (name: string) =>
        db
          .query<{ n: number }, { v: string | number | null }>(
            `SELECT count(*) AS n FROM t WHERE ${condition.replaceAll('V', name)}`,
          )
          .get({ v })?.n;
      expect(`${condition} ${v}: ${found('$v')}`).toBe(`${condition} ${v}: ${found('@v')}`);
    }
  }
  close();
});

test('an insert that meets its like changes the row, and a wrong type is still refused', () => {
  const { db, close } = open();
  db.run('CREATE TABLE t (key TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID');
  const save = db.query<unknown, { key: string; n: string | number }>(
    `INSERT INTO t (key, n) VALUES ($key, $n)
     ON CONFLICT (key) DO UPDATE SET n = excluded.n + $n RETURNING n`,
  );
  expect(save.get({ key: 'a', n: 1 })).toEqual({ n: 1 });
  expect(save.get({ key: 'a', n: 2 })).toEqual({ n: 4 });
  expect(() => save.get({ key: 'b', n: 'many' })).toThrow('INTEGER');
  close();
});

test('indexes serve as before', () => {
  const { db, close } = open();
  db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, n INTEGER) STRICT');
  db.run(`CREATE INDEX by_text ON t (s, n) WHERE s IS NOT NULL`);
  const plan = (condition: string) =>
    db
      .query<{ detail: string }, Record<string, string | number>>(
        `EXPLAIN QUERY PLAN SELECT n FROM t WHERE ${condition}`,
      )
      .all({ s: 'a', n: 1 })
      .map((row) => row.detail)
      .join();
  expect(plan('s = $s AND n > $n')).toContain('by_text (s=? AND n>?)');
  expect(plan('id IN ($n, $n + 1)')).toContain('INTEGER PRIMARY KEY');
  expect(plan('id < $n AND $s = $s')).toContain('INTEGER PRIMARY KEY (rowid<?)');
  close();
});

test('the same text is the same statement', () => {
  const { db, close } = open();
  expect(db.query('SELECT $a AS a')).toBe(db.query('SELECT $a AS a'));
  close();
});
