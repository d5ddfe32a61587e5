import { Database } from 'bun:sqlite';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablesOf } from '#domain/backup/copy-rows.ts';
import { readBackupKey, signBytes } from '#domain/backup/keys.ts';
import { type BackupTarget, openPlace, type PlaceSecrets } from '#domain/backup/place.ts';
import { listSchema } from '#domain/backup/schema-queries.ts';

/** What a test may change on the way: the file, the list, the manifest before it is signed. */
export type Tampering = {
  name?: string;
  database?: (path: string) => void;
  lines?: (lines: string[]) => string[];
  manifest?: (manifest: Record<string, unknown>) => void;
  /** Counts as they were said to be, instead of as they are. */
  counts?: Record<string, number>;
  signature?: string;
};

export const NAME = '20260102T030405Z';
const nothing: PlaceSecrets = { s3: null, passphrase: null };

/**
 * Writes a backup in format 1 by hand, whatever is in it, signed with the key of the data directory:
 * what a server with bad intentions, or one of an old version, may have left in a place.
 */
export async function makeBackup(
  data: string,
  target: BackupTarget,
  secrets: PlaceSecrets = nothing,
  tampering: Tampering = {},
): Promise<string> {
  const name = tampering.name ?? NAME;
  const about = { instance: 'instance-of-a-test', origin: 'http://localhost:1' };
  const place = await openPlace(target, secrets, about);
  const scratch = mkdtempSync(join(tmpdir(), 'tintype-make-'));
  const at = (path: string) => `snapshots/${name}/${path}`;
  const copy = join(scratch, 'tintype.db');
  const live = new Database(join(data, 'tintype.db'));
  live.query('VACUUM INTO ?').run(copy);
  live.close();
  const db = new Database(copy, { strict: true });
  type Blob = { name: string; bytes: number; sha256: string };
  const blobs = db.query<Blob, []>('SELECT name, bytes, sha256 FROM blobs ORDER BY name').all();
  const tables = tablesOf(listSchema(db));
  const countOf = (table: string) =>
    db.query<{ n: number }, []>(`SELECT count(*) AS n FROM "${table}"`).get()?.n ?? 0;
  const counts = Object.fromEntries(tables.map((table) => [table, countOf(table)]));
  const schema = db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version;
  db.close();
  tampering.database?.(copy);
  for (const blob of blobs) {
    const file = join(data, 'media/local', blob.name.slice(0, 2), blob.name);
    if (existsSync(file)) await place.put(place.mediaPath(blob.sha256), file);
  }
  const lines = blobs.map((blob) =>
    JSON.stringify({ ...blob, path: place.mediaPath(blob.sha256) }),
  );
  const list = join(scratch, 'files.ndjson');
  writeFileSync(list, (tampering.lines?.(lines) ?? lines).map((line) => `${line}\n`).join(''));
  const sources: [string, string][] = [
    ['tintype.db', copy],
    ['files.ndjson', list],
  ];
  for (const key of ['push.key', ...(place.encrypted ? ['backup.key', 'tintype.toml'] : [])]) {
    if (existsSync(join(data, key))) sources.push([`keys/${key}`, join(data, key)]);
  }
  const entries: object[] = [];
  for (const [path, file] of sources) entries.push({ path, ...(await place.put(at(path), file)) });
  const key = readBackupKey({ root: data });
  const manifest: Record<string, unknown> = {
    format: 1,
    name,
    ...about,
    version: '0.1.0',
    schema,
    createdAt: '2026-01-02T03:04:05.000Z',
    encrypted: place.encrypted,
    publicKey: key.publicKey,
    counts: tampering.counts ?? counts,
    media: {
      files: blobs.length,
      bytes: blobs.reduce((all, { bytes }) => all + bytes, 0),
      missing: 0,
    },
    entries,
  };
  tampering.manifest?.(manifest);
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  await place.write(at('manifest.json'), bytes);
  const signature = tampering.signature ?? signBytes(key, bytes);
  await place.write(at('manifest.sig'), new TextEncoder().encode(`${signature}\n`));
  rmSync(scratch, { recursive: true });
  return name;
}
