import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { openDatabase } from '#base/db/open.ts';
import { transaction } from '#base/db/transaction.ts';
import { readChangeStamp, watchChanges } from '#base/db/watch-changes.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const root = tempDir();

function open(name: string) {
  const db = openDatabase(join(root, name));
  db.run('CREATE TABLE IF NOT EXISTS parents (id INTEGER PRIMARY KEY) STRICT');
  db.run(`CREATE TABLE IF NOT EXISTS children (id INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES parents ON DELETE CASCADE) STRICT`);
  return db;
}

test('every kind of write is a change, and reading is none', () => {
  const db = open('own.db');
  const look = watchChanges(db);
  const seen = [`${look()} ${readChangeStamp(db)}`];
  const changed = () => {
    const now = `${look()} ${readChangeStamp(db)}`;
    const [number, stamp] = now.split(' ');
    const fresh = seen.every((before) => {
      const [oldNumber, oldStamp] = before.split(' ');
      return oldNumber !== number && oldStamp !== stamp;
    });
    seen.push(now);
    return fresh;
  };
  db.run('INSERT INTO parents VALUES (1), (2)');
  expect(changed()).toBe(true);
  db.run('INSERT INTO children VALUES (1, 1)');
  expect(changed()).toBe(true);
  db.query('SELECT * FROM parents').all();
  expect(changed()).toBe(false);
  // Nothing names the child here: the foreign key takes it along.
  db.run('DELETE FROM parents WHERE id = 1');
  expect(changed()).toBe(true);
  expect(() =>
    transaction(db, () => {
      db.run('DELETE FROM parents');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(changed()).toBe(true);
  db.run('DELETE FROM parents');
  expect(changed()).toBe(true);
  db.close();
});

test('a commit of another connection is seen at once by the stamp, and soon by the watch', async () => {
  const db = open('shared.db');
  const other = open('shared.db');
  const look = watchChanges(db);
  const [before, stamp] = [look(), readChangeStamp(db)];
  other.run('INSERT INTO parents VALUES (1)');
  expect(readChangeStamp(db)).not.toBe(stamp);
  // Longer than the pause between two looks.
  await Bun.sleep(60);
  expect(look()).not.toBe(before);
  db.close();
  other.close();
});
