import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#base/db/migrate.ts';
import { migrations } from '#base/db/migrations.ts';
import { openDatabase, readPragma } from '#base/db/open.ts';
import { copyRows } from '#domain/backup/copy-rows.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { findForeign } from '#domain/backup/known-schema.ts';
import { openPlace } from '#domain/backup/place.ts';
import { restoreBackup } from '#domain/backup/restore-backup.ts';
import { listSchema } from '#domain/backup/schema-queries.ts';
import { createTestApp } from '#test/harness/app.ts';
import { makeBackup } from './make-backup.ts';
import { RESTORED_AT } from './restore-world.ts';

const root = mkdtempSync(join(tmpdir(), 'tintype-old-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A data directory as a version with that schema left it: an owner with a post that has a word. */
function makeOld(schema: number): string {
  const data = join(root, `schema-${schema}`);
  mkdirSync(data);
  const db = openDatabase(join(data, 'tintype.db'));
  migrate(db, null, migrations.slice(0, schema));
  db.run(`INSERT INTO accounts (id, username, role, created_at) VALUES (5, 'ann', 'owner', 1)`);
  db.run(`INSERT INTO posts (id, account_id, audience_id, visibility, caption, published_at)
    VALUES (2048, 5, 5, 'public', 'A word that is found: heliotrope', 1)`);
  db.run(`INSERT INTO settings VALUES ('setup.closed_at', '1', 1)`);
  db.run('ANALYZE');
  db.close();
  return data;
}

for (let schema = 1; schema < migrations.length; schema += 1) {
  test(`a backup of schema ${schema} becomes a database of today, and serves`, async () => {
    const old = makeOld(schema);
    const target = { kind: 'directory', path: join(root, `place-${schema}`) } as const;
    await makeBackup(old, target);
    const data = join(root, `restored-${schema}`);
    const report = await restoreBackup(
      {
        place: await openPlace(target, { s3: null, passphrase: null }),
        name: null,
        data,
        fingerprint: fingerprintOf(readBackupKey({ root: old }).publicKey),
        withoutDamaged: false,
        endLogins: false,
      },
      {
        ask: null,
        progress: () => undefined,
        settle: () => undefined,
        now: () => RESTORED_AT,
        typed: '',
      },
    );
    expect(report.schema).toBe(schema);
    const db = openDatabase(join(data, 'tintype.db'));
    expect(readPragma(db, 'user_version')).toBe(migrations.length);
    expect(findForeign(listSchema(db), migrations.length)).toEqual([]);
    db.close();
    const app = await createTestApp({ data });
    await app.settle();
    expect((await app.request('/@ann')).status).toBe(200);
    const { n } = app.ctx.db
      .query<{ n: number }, []>(
        `SELECT count(*) AS n FROM post_words WHERE post_words MATCH 'heliotrope'`,
      )
      .get() ?? { n: 0 };
    expect(n).toBe(1);
    await app.close();
  });
}

test('the rows of every schema are copied by their columns, with texts that are no numbers and numbers beyond 2^53', () => {
  const data = makeOld(migrations.length);
  const path = join(data, 'tintype.db');
  const db = new Database(path);
  db.run(
    `INSERT INTO settings VALUES ('odd', '9007199254740993' || char(0) || 'é', 9007199254740993)`,
  );
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const copy = join(root, 'copy.db');
  expect(copyRows(path, copy).rows.settings).toBe(2);
  const read = (from: string) => {
    const each = new Database(from, { safeIntegers: true });
    const row = each.query(
      `SELECT hex(value) AS value, updated_at FROM settings WHERE key = 'odd'`,
    );
    const found = row.get();
    each.close();
    return found;
  };
  expect(read(copy)).toEqual(read(path));
});
