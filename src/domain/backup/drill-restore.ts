import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { openDatabase } from '#base/db/open.ts';
import { freeBytesOf } from '#base/platform/free-bytes.ts';
import { chooseSnapshot } from './choose-snapshot.ts';
import { fetchMedia, listWanted, type WantedFile } from './fetch-media.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { fingerprintOf, readBackupKey } from './keys.ts';
import type { Manifest } from './manifest.ts';
import type { BackupPlace } from './place.ts';
import { type ProbeStep, probeCopy } from './probe-copy.ts';
import { databaseBytes } from './restore-backup.ts';
import { settlePast } from './restore-past.ts';

/** How a drill went: a backup restored to a scratch folder, started, looked at, and removed. */
export type DrillReport = {
  ok: boolean;
  backup: string;
  /** The place, as people know it. */
  place: string;
  createdAt: string;
  rows: number;
  /** Photos that were restored, of how many; fewer where the disk has no room for all. */
  files: number;
  ofFiles: number;
  bytes: number;
  steps: (Omit<ProbeStep, 'name'> & { name: string })[];
  milliseconds: number;
};

export type DrillInput = {
  /** Null: the newest. */
  name: string | null;
  /** The data directory, whose key must have signed it. */
  data: string;
  scratch: string;
  /** Bytes that photos may take; by default half of what is free. */
  room?: number;
};

/** The rest of the disk stays for those who use the server meanwhile. */
const SHARE = 0.5;
const RESERVE = 256_000_000;

/**
 * Restores the newest backup of a place to `scratch` and starts it as a quiet copy. Where the disk has no
 * room for all photos, an even share of them is restored. Whatever goes wrong with the backup is a step
 * of the report; throws only where no drill can be made (`out_of_space`, a place that cannot be reached).
 */
export async function drillRestore(
  place: BackupPlace,
  input: DrillInput,
  progress: (text: string) => void,
): Promise<DrillReport> {
  const begun = performance.now();
  const { manifest } = await chooseSnapshot(place, input.name);
  const report: DrillReport = {
    ok: false,
    backup: manifest.name,
    place: place.label,
    createdAt: manifest.createdAt,
    rows: 0,
    files: 0,
    ofFiles: manifest.media.files,
    bytes: 0,
    steps: [],
    milliseconds: 0,
  };
  try {
    await step(report, 'restore', () => restoreTo(place, manifest, input, report, progress));
    if (report.steps.every((each) => each.ok)) {
      progress('Starting the copy …');
      const probe = await probeCopy(input.scratch, {
        somePhotos: report.files < report.ofFiles,
      });
      report.steps.push(...probe.steps);
    }
    report.ok = report.steps.every((each) => each.ok);
    report.milliseconds = Math.round(performance.now() - begun);
    return report;
  } finally {
    rmSync(input.scratch, { recursive: true, force: true });
  }
}

async function step(report: DrillReport, name: string, work: () => Promise<string>): Promise<void> {
  const begun = performance.now();
  const note = (ok: boolean, detail: string) =>
    report.steps.push({ name, ok, detail, milliseconds: Math.round(performance.now() - begun) });
  try {
    note(true, await work());
  } catch (error) {
    const itself = error instanceof AppError && ['invalid', 'not_found'].includes(error.kind);
    if (!itself) throw error;
    note(false, error.message);
  }
}

async function restoreTo(
  place: BackupPlace,
  manifest: Manifest,
  { data, scratch, room: given }: DrillInput,
  report: DrillReport,
  progress: (text: string) => void,
): Promise<string> {
  requireOwnKey(manifest, data);
  const room = given ?? roomFor(dirname(scratch), manifest);
  progress(`Restoring ${manifest.name} …`);
  const { rows, listPath } = await fetchSnapshot(place, manifest, scratch);
  report.rows = Object.values(rows).reduce((all, count) => all + count, 0);
  const db = openDatabase(join(scratch, 'tintype.db'));
  try {
    const local = join(scratch, 'media', 'local');
    const files = share(listWanted(db, listPath), manifest, room);
    const media = await fetchMedia(place, files, { local, old: [] }, () => undefined);
    report.files = media.files;
    report.bytes = media.bytes;
    if (media.damaged.length > 0) {
      throw new AppError('invalid', `${media.damaged.length} photos are missing or changed in it.`);
    }
    const takenAt = Date.parse(manifest.createdAt);
    settlePast(db, { name: manifest.name, takenAt, now: Date.now(), endLogins: false });
  } finally {
    db.close();
  }
  const all = report.files === report.ofFiles ? 'all' : `${report.files} of ${report.ofFiles}`;
  return `${report.rows} rows and ${all} files (${formatBytes(report.bytes)}) were restored.`;
}

function requireOwnKey(manifest: Manifest, data: string): void {
  if (!existsSync(join(data, 'backup.key'))) return;
  if (readBackupKey({ root: data }).publicKey === manifest.publicKey) return;
  throw new AppError(
    'invalid',
    `It is signed with another key (${fingerprintOf(manifest.publicKey)}) than this server's.`,
  );
}

/** Bytes that photos may take. */
function roomFor(folder: string, manifest: Manifest): number {
  const free = freeBytesOf(folder);
  const database = databaseBytes(manifest);
  if (free < database + RESERVE) {
    throw new AppError(
      'out_of_space',
      `A drill of the backup ${manifest.name} needs ${formatBytes(database + RESERVE)} for a while, and the disk has ${formatBytes(free)}. Make room, then run it again.`,
    );
  }
  return (free - database - RESERVE) * SHARE;
}

/** All files, or every so many-th where not all find room; names are random, so that is a fair share. */
async function* share(
  files: AsyncIterable<WantedFile>,
  manifest: Manifest,
  room: number,
): AsyncGenerator<WantedFile> {
  const every = Math.max(1, Math.ceil(manifest.media.bytes / Math.max(1, room)));
  let left = room;
  let n = 0;
  for await (const file of files) {
    n += 1;
    if ((n - 1) % every !== 0 || file.bytes > left) continue;
    left -= file.bytes;
    yield file;
  }
}
