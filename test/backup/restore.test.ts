import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablesOf } from '#domain/backup/copy-rows.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { openPlace } from '#domain/backup/place.ts';
import { type RestoreInput, restoreBackup } from '#domain/backup/restore-backup.ts';
import { listSchema } from '#domain/backup/schema-queries.ts';
import { createTestApp } from '#test/harness/app.ts';
import { createFullWorld } from '#test/harness/full-world.ts';
import { makeBackup, NAME } from './make-backup.ts';

const root = mkdtempSync(join(tmpdir(), 'tintype-restore-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const data = join(root, 'data');
const target = { kind: 'directory', path: join(root, 'place') } as const;
const NOW = Date.parse('2026-02-01T00:00:00Z');

const restore = async (into: string, more: Partial<RestoreInput> = {}) => {
  const place = await openPlace(target, { s3: null, passphrase: null });
  return await restoreBackup(
    {
      place,
      name: null,
      data: into,
      fingerprint: fingerprintOf(readBackupKey({ root: data }).publicKey),
      withoutDamaged: false,
      endLogins: false,
      ...more,
    },
    { ask: null, progress: () => undefined, now: () => NOW },
  );
};

/** Every row of every table, as texts in an order. */
function rowsOf(path: string, without: readonly string[] = []): Record<string, string[]> {
  const db = new Database(join(path, 'tintype.db'), { safeIntegers: true });
  const tables = tablesOf(listSchema(db)).filter((table) => !without.includes(table));
  const show = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  const rows = tables.map((table): [string, string[]] => [
    table,
    db
      .query(`SELECT * FROM "${table}"`)
      .all()
      .map((row) => JSON.stringify(row, show))
      .sort(),
  ]);
  db.close();
  return Object.fromEntries(rows);
}

function filesOf(path: string): Record<string, string> {
  const names = readdirSync(join(path, 'media/local'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(path, 'media/local', name)).isFile());
  return Object.fromEntries(
    files
      .sort()
      .map((name) => [
        name,
        Bun.SHA256.hash(readFileSync(join(path, 'media/local', name)), 'hex').toString(),
      ]),
  );
}

test('a backup restored elsewhere has every row and every byte', async () => {
  const world = await createFullWorld({ data });
  await world.app.close();
  writeFileSync(join(data, 'push.key'), 'the key of pushes', { mode: 0o600 });
  await makeBackup(data, target);

  const elsewhere = join(root, 'elsewhere');
  const report = await restore(elsewhere);
  expect(report).toMatchObject({ backup: NAME, kept: null, keys: ['push.key'] });
  // What the second life begins with differently is told in restore-past.test.ts.
  const touched = ['settings', 'cached_media', 'cache_failures'];
  const before = rowsOf(data, touched);
  expect(Object.keys(before).length).toBeGreaterThan(50);
  expect(before.posts?.length).toBeGreaterThan(5);
  expect(rowsOf(elsewhere, touched)).toEqual(before);
  expect(Object.keys(filesOf(data)).length).toBeGreaterThan(8);
  expect(filesOf(elsewhere)).toEqual(filesOf(data));
  expect(report.rows).toBeGreaterThan(50);
  expect(statSync(join(elsewhere, 'push.key')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(elsewhere, 'push.key'), 'utf8')).toBe('the key of pushes');
  expect(readdirSync(elsewhere).sort()).toEqual(['lock', 'media', 'push.key', 'tintype.db']);

  // The words are found again, and the server takes the logins that it knew.
  const app = await createTestApp({ data: elsewhere });
  expect((await app.request('/api/v1/timelines/home', { token: world.ann.token })).status).toBe(
    200,
  );
  const found = await app.request('/api/v2/search?q=evening&type=statuses', {
    token: world.ann.token,
  });
  expect(((await found.json()) as { statuses: unknown[] }).statuses).toHaveLength(1);
  await app.close();
});
