import { Database } from 'bun:sqlite';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablesOf } from '#domain/backup/copy-rows.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { openPlace } from '#domain/backup/place.ts';
import {
  type RestoreInput,
  type RestoreReport,
  restoreBackup,
} from '#domain/backup/restore-backup.ts';
import { listSchema } from '#domain/backup/schema-queries.ts';
import { createFullWorld } from '#test/harness/full-world.ts';

/** When every restore of these tests happens: a month after the backup was made. */
export const RESTORED_AT = Date.parse('2026-02-02T00:00:00Z');

/** A data directory with something of everything, a place beside it, and a way to restore. */
export type RestoreWorld = {
  root: string;
  data: string;
  target: { kind: 'directory'; path: string };
  /** Token of the owner. */
  token: string;
  restore(into: string, more?: Partial<RestoreInput>): Promise<RestoreReport>;
  /** A fresh place of its own. */
  freshTarget(name: string): { kind: 'directory'; path: string };
  remove(): void;
};

/** Makes one; the server is closed already. */
export async function createRestoreWorld(): Promise<RestoreWorld> {
  const root = mkdtempSync(join(tmpdir(), 'tintype-restore-'));
  const data = join(root, 'data');
  const world = await createFullWorld({ data });
  await world.app.close();
  readBackupKey({ root: data });
  const freshTarget = (name: string) => ({ kind: 'directory' as const, path: join(root, name) });
  const target = freshTarget('place');
  return {
    root,
    data,
    target,
    token: world.ann.token,
    freshTarget,
    restore: async (into, more = {}) => {
      const place = more.place ?? (await openPlace(target, { s3: null, passphrase: null }));
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
        {
          ask: null,
          progress: () => undefined,
          settle: () => undefined,
          now: () => RESTORED_AT,
          typed: 'tintype restore PLACE',
        },
      );
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Tables that a second life begins differently with; `restore-past.test.ts` looks at them. */
export const TOUCHED = ['settings', 'cached_media', 'cache_failures'];

/** Every row of every table, as texts in an order. */
export function rowsOf(
  path: string,
  without: readonly string[] = TOUCHED,
): Record<string, string[]> {
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

/** Every photo with the hash of its bytes. */
export function filesOf(path: string): Record<string, string> {
  const local = join(path, 'media/local');
  if (!existsSync(local)) return {};
  const names = readdirSync(local, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(local, name)).isFile());
  const hash = (name: string) => Bun.SHA256.hash(readFileSync(join(local, name)), 'hex');
  return Object.fromEntries(files.sort().map((name) => [name, String(hash(name))]));
}

/** Everything below a folder, with what it is: to see that nothing was added. */
export function treeOf(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
}
