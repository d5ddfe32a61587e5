import { rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import type { KeepRule } from '#base/core/keep-rule.ts';
import { type MediaBucket, openMediaBucket } from '#base/platform/media-bucket.ts';
import { nameForMoment } from './backup-name.ts';
import { backupPath } from './backup-path.ts';
import { copyMedia } from './copy-media.ts';
import { fingerprintOf, readBackupKey } from './keys.ts';
import { listSnapshots } from './list.ts';
import { type BackupPlace, type BackupTarget, openPlace, type PlaceSecrets } from './place.ts';
import type { TellProgress } from './progress.ts';
import { type PruneReport, pruneBackups, removeSnapshot } from './prune.ts';
import { copyDatabase, measureDatabase, openCopy, readFacts } from './snapshot-queries.ts';
import { toRoomError, withRoom } from './space.ts';
import { verifyAndMend } from './verify-and-mend.ts';
import type { VerifyReport, VerifyShare } from './verify-report.ts';
import { isCopied, openWorking } from './working-queries.ts';
import { writeSnapshot } from './write-snapshot.ts';

export type CreateOrder = PlaceSecrets & {
  target: BackupTarget;
  /** The data directory. */
  data: string;
  /** Where photos live that are not in it. */
  mediaBucket?: Config['mediaBucket'];
  /** An empty folder in it. */
  stage: string;
  instance: string;
  origin: string;
  version: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Null: nothing is removed afterwards. */
  keep: KeepRule | null;
  /** There were backups in the place; it must not begin anew. */
  known: boolean;
  /** Null: every byte of every photo is read again afterwards; else new ones and such a part. */
  checkPart: number | null;
};

export type CreateReport = {
  /** As `tintype restore` takes it. */
  path: string;
  name: string;
  fingerprint: string;
  encrypted: boolean;
  /** True when the place ends with the same disk as the data. */
  sameDisk: boolean;
  files: number;
  bytes: number;
  newFiles: number;
  newBytes: number;
  databaseBytes: number;
  /** Names of photos that are missing or damaged in the data directory: not in this backup. */
  missing: string[];
  missingCount: number;
  /** Photos that were damaged in the place and were copied again. */
  mended: number;
  verify: Omit<VerifyReport, 'manifest' | 'badMedia'>;
  /** Milliseconds that the check took. */
  checkMs: number;
  prune: PruneReport | null;
  /** Why old backups could not be removed. */
  pruneProblem: string | null;
};

const NOT_PRUNED = { prune: null, pruneProblem: null };

/**
 * Makes one backup in a child process while the server goes on: a consistent copy of the database,
 * then every photo that it names and the place has not yet, then lists, manifest and, last, the
 * signature that makes it count. Then all of it is read again, and old backups go. Whoever calls
 * keeps files of deleted photos from being removed meanwhile. Killed at any moment it leaves what the
 * next run takes away.
 */
export async function createBackup(order: CreateOrder, tell: TellProgress): Promise<CreateReport> {
  const { target, instance, origin, known, stage, data } = order;
  const place = await openPlace(target, order, { instance, origin, known });
  const source = { data, bucket: openSource(order) };
  await place.tidy();
  const before = await listSnapshots(place);
  for (const snapshot of before) if (!snapshot.finished) await removeSnapshot(place, snapshot);
  const taken = before.map((snapshot) => snapshot.name);
  const name = nameForMoment(order.now, taken);
  const key = readBackupKey({ root: data });
  tell({ step: 'database', done: 0, total: 0 });
  const copy = join(stage, 'tintype.db');
  takeCopy(join(data, 'tintype.db'), copy, stage);
  const working = openWorking(join(stage, 'work.db'));
  try {
    const snapshot = openCopy(copy);
    const facts = readFacts(snapshot);
    const databaseBytes = statSync(copy).size;
    const media = await copyMedia(place, {
      snapshot,
      working,
      source,
      databaseBytes,
      tell,
    }).finally(() => snapshot.close());
    try {
      await writeSnapshot(place, { ...order, name, key, copy, working, facts, media });
    } catch (error) {
      await dropUnfinished(place, name);
      throw error;
    }
    rmSync(copy, { force: true });
    const isFresh = (path: string) => isCopied(working, path);
    const share = shareOf(order, isFresh);
    const begun = performance.now();
    const checked = await verifyAndMend(place, name, { source, stage, share, key, working, tell });
    const checkMs = Math.round(performance.now() - begun);
    const pruned = checked.report.ok ? await pruneQuietly(place, name, order, tell) : NOT_PRUNED;
    const { manifest: _manifest, badMedia: _bad, ...verify } = checked.report;
    return {
      path: backupPath(place.label, name),
      name,
      fingerprint: fingerprintOf(key.publicKey),
      encrypted: place.encrypted,
      sameDisk: place.sharesDiskWith(data),
      ...media,
      databaseBytes,
      mended: checked.mended,
      verify,
      checkMs,
      ...pruned,
    };
  } finally {
    working.close();
  }
}

function openSource({ s3, mediaBucket }: CreateOrder): MediaBucket | null {
  return s3 === null || !mediaBucket ? null : openMediaBucket(s3, mediaBucket);
}

/** A backup that is made and checked stays made, whatever becomes of the old ones. */
async function pruneQuietly(
  place: BackupPlace,
  name: string,
  { keep, stage }: CreateOrder,
  tell: TellProgress,
): Promise<Pick<CreateReport, 'prune' | 'pruneProblem'>> {
  if (keep === null) return NOT_PRUNED;
  tell({ step: 'prune', done: 0, total: 0 });
  try {
    const prune = await pruneBackups(place, { keep, stage, dryRun: false, always: name });
    return { prune, pruneProblem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { prune: null, pruneProblem: error.message };
  }
}

function shareOf(order: CreateOrder, isFresh: (path: string) => boolean): VerifyShare | null {
  if (order.checkPart === null) return null;
  return { day: Math.floor(order.now / 86_400_000), of: order.checkPart, isFresh };
}

/** The copy is as large as the database at most; a full disk must not stop the server. */
function takeCopy(database: string, copy: string, stage: string): void {
  const db = openCopy(database);
  try {
    const disk = statfsSync(stage);
    withRoom(
      measureDatabase(db),
      disk.bavail * disk.bsize,
      'the data directory',
      'a copy of the database',
    );
    copyDatabase(db, copy);
  } catch (error) {
    throw toRoomError(error, 'the data directory');
  } finally {
    db.close();
  }
}

/** It would not count, but it takes up room where there may be little. */
async function dropUnfinished(place: BackupPlace, name: string): Promise<void> {
  const snapshots = await listSnapshots(place).catch(() => []);
  const ours = snapshots.find((each) => each.name === name);
  if (ours !== undefined && !ours.finished) {
    await removeSnapshot(place, ours).catch(() => undefined);
  }
}
