import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { isSignedBy } from './keys.ts';
import type { BackupPlace } from './place.ts';
import { plainWord } from './plain-word.ts';

/** Names of backups are moments in UTC, so they sort by age. */
export const BACKUP_NAME = /^\d{8}T\d{6}Z$/;
const MANIFEST_MAX = 1_000_000;

const name = v.pipe(v.string(), v.regex(BACKUP_NAME));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const bytes = v.pipe(v.number(), v.integer(), v.minValue(0));
const tableName = v.pipe(v.string(), v.regex(/^\w{1,100}$/));
/** The only files a backup can have beside its manifest. */
const entryPath = v.pipe(
  v.string(),
  v.regex(/^(tintype\.db|files\.ndjson|keys\/[A-Za-z0-9][\w.-]{0,99})$/),
);

/** `manifest.json` of a backup, format 1. */
export const manifestSchema = v.object({
  format: v.literal(1),
  name,
  /** Must be those of the place. */
  instance: v.string(),
  origin: plainWord,
  /** Of the Tintype that made it. */
  version: plainWord,
  /** `user_version` of the database. */
  schema: v.pipe(v.number(), v.integer(), v.minValue(1)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  encrypted: v.boolean(),
  /** Ed25519, 32 bytes in base 64; `manifest.sig` is made with its other half. */
  publicKey: v.string(),
  /** Rows by table; virtual tables and what they keep beside them are not counted. */
  counts: v.record(tableName, bytes),
  /** Photos: lines of `files.ndjson` and their bytes together (a content that several share counts each time). */
  media: v.object({
    files: bytes,
    bytes,
    /** Files that the database names and that were missing or damaged when the backup was made. */
    missing: bytes,
  }),
  entries: v.pipe(v.array(v.object({ path: entryPath, bytes, sha256 })), v.maxLength(200)),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** One line of `files.ndjson`, in the order of names. */
export const mediaLineSchema = v.object({
  /** Name of the blob: `abcd….jpg`. */
  name: v.pipe(v.string(), v.regex(/^[a-z2-7]{26}\.[a-z0-9]{2,5}$/)),
  bytes,
  sha256,
  /** Where it lies in the place. */
  path: v.pipe(v.string(), v.regex(/^media\/[0-9a-f]{2}\/[0-9a-f]{64}$/)),
});
export type MediaLine = v.InferOutput<typeof mediaLineSchema>;

/** Bytes of a line of `files.ndjson`, at most. */
export const MEDIA_LINE_MAX = 1000;

/** Where a file of a backup lies in its place. */
export function pathInSnapshot(backup: string, path: string): string {
  if (!BACKUP_NAME.test(backup)) {
    throw new AppError('not_found', `"${backup}" is not the name of a backup.`);
  }
  return `snapshots/${backup}/${path}`;
}

/**
 * The manifest of a finished backup once its signature, name and instance are checked. Throws
 * `not_found` if there is none or it was never finished, `invalid` if anything about it is wrong.
 * By whom it is signed is for the caller to judge (`publicKey`).
 */
export async function readManifest(place: BackupPlace, backup: string): Promise<Manifest> {
  const path = pathInSnapshot(backup, 'manifest.json');
  const signaturePath = pathInSnapshot(backup, 'manifest.sig');
  if ((await place.size(signaturePath)) === null) {
    throw new AppError('not_found', `There is no finished backup ${backup} in ${place.label}.`);
  }
  const bytes = await place.read(path, MANIFEST_MAX);
  const signature = Buffer.from(await place.read(signaturePath, 1000))
    .toString('utf8')
    .trim();
  const manifest = parseManifest(bytes, backup);
  if (!isSignedBy(manifest.publicKey, bytes, signature)) {
    throw new AppError(
      'invalid',
      `The signature of the backup ${backup} is wrong: it was changed.`,
    );
  }
  if (manifest.name !== backup || manifest.instance !== place.instance) {
    throw new AppError('invalid', `The backup ${backup} does not belong where it lies.`);
  }
  return manifest;
}

function parseManifest(bytes: Uint8Array, backup: string): Manifest {
  try {
    return v.parse(manifestSchema, JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    throw new AppError(
      'invalid',
      `The manifest of the backup ${backup} cannot be read: it is damaged, or of a newer version.`,
      { cause: error },
    );
  }
}
