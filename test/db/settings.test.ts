import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { openDatabase } from '#base/db/open.ts';
import { deleteSetting, findSetting, saveSetting } from '#base/db/settings-queries.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const path = join(tempDir(), 'settings.db');
const db = openDatabase(path);
db.run('CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT, updated_at INTEGER) STRICT');

test('a setting is what was written last, whoever wrote it', async () => {
  expect(findSetting(db, 'mode')).toBeNull();
  saveSetting(db, 'mode', 'family', 1);
  expect(findSetting(db, 'mode')).toBe('family');
  db.run(`UPDATE settings SET value = 'solo'`);
  expect(findSetting(db, 'mode')).toBe('solo');
  const other = openDatabase(path);
  saveSetting(other, 'mode', 'community', 2);
  other.close();
  await Bun.sleep(60);
  expect(findSetting(db, 'mode')).toBe('community');
  deleteSetting(db, 'mode');
  expect(findSetting(db, 'mode')).toBeNull();
});

test('what a transaction took back was never there', () => {
  saveSetting(db, 'mode', 'family', 1);
  expect(findSetting(db, 'mode')).toBe('family');
  const broken = db.transaction(() => {
    saveSetting(db, 'mode', 'solo', 2);
    expect(findSetting(db, 'mode')).toBe('solo');
    throw new Error('no');
  });
  expect(broken).toThrow('no');
  expect(findSetting(db, 'mode')).toBe('family');
});
