import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { type CopyReport, copyRows } from './copy-rows.ts';
import { type Manifest, pathInSnapshot } from './manifest.ts';
import type { BackupPlace } from './place.ts';

/** Files beside the database that a restore puts back; other names in a backup mean nothing to it. */
const KEY_FILES = ['push.key', 'backup.key', 'tintype.toml'] as const;
const KEY_FILE_MAX = 1_000_000;
const DATABASE = 'tintype.db';
const LIST = 'files.ndjson';

/**
 * Copies the small part of a backup into `stage` (made, for its owner alone): the rows in a new
 * database, keys, and the list of photos (`listPath`). Every file is compared with the signed manifest
 * before anything looks into it, and the number of rows after.
 */
export async function fetchSnapshot(
  place: BackupPlace,
  manifest: Manifest,
  stage: string,
): Promise<CopyReport & { listPath: string; keys: string[] }> {
  mkdirSync(stage, { recursive: true, mode: 0o700 });
  const fetched = join(stage, 'backup.db');
  await fetchEntry(place, manifest, DATABASE, fetched);
  const copied = copyRows(fetched, join(stage, DATABASE));
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(fetched + end, { force: true });
  compareCounts(manifest, copied);
  const listPath = join(stage, LIST);
  await fetchEntry(place, manifest, LIST, listPath);
  const keys = await fetchKeys(place, manifest, stage);
  return { ...copied, listPath, keys };
}

async function fetchKeys(place: BackupPlace, manifest: Manifest, stage: string): Promise<string[]> {
  const keys: string[] = [];
  for (const name of KEY_FILES) {
    const path = `keys/${name}`;
    const entry = manifest.entries.find((each) => each.path === path);
    if (entry === undefined || entry.bytes > KEY_FILE_MAX) continue;
    await fetchEntry(place, manifest, path, join(stage, name));
    keys.push(name);
  }
  return keys;
}

async function fetchEntry(
  place: BackupPlace,
  manifest: Manifest,
  path: string,
  to: string,
): Promise<void> {
  const entry = manifest.entries.find((each) => each.path === path);
  if (entry === undefined) throw damaged(manifest, `${path} is missing in its manifest`);
  const limits = { maxBytes: entry.bytes };
  const got = await place.get(pathInSnapshot(manifest.name, path), to, limits).catch((error) => {
    const own = ['not_found', 'invalid', 'too_large'];
    if (!(error instanceof AppError) || !own.includes(error.kind)) throw error;
    throw damaged(manifest, `${path} is missing or not as it was`, error);
  });
  if (got.bytes === entry.bytes && got.sha256 === entry.sha256) return;
  rmSync(to, { force: true });
  throw damaged(manifest, `${path} was changed`);
}

function compareCounts(manifest: Manifest, { schema, rows }: CopyReport): void {
  if (schema !== manifest.schema) throw damaged(manifest, 'its database has another schema');
  for (const [table, count] of Object.entries(manifest.counts)) {
    if (Object.hasOwn(rows, table) && rows[table] === count) continue;
    throw damaged(manifest, `the table ${table} has another number of rows`);
  }
}

function damaged(manifest: Manifest, what: string, cause?: unknown): AppError {
  return new AppError(
    'invalid',
    `The backup ${manifest.name} is damaged: ${what}. Nothing was changed; choose another one with --name.`,
    { cause },
  );
}
