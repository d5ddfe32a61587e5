import { AppError } from '#base/core/errors.ts';
import type { KeepRule } from '#base/core/keep-rule.ts';
import { type CreateOrder, type CreateReport, createBackup } from './create.ts';
import { fingerprintOf, readBackupKey } from './keys.ts';
import { listSnapshots } from './list.ts';
import { readManifest } from './manifest.ts';
import { type BackupPlace, type BackupTarget, openPlace, type PlaceSecrets } from './place.ts';
import type { TellProgress } from './progress.ts';
import { type PruneReport, pruneBackups } from './prune.ts';
import { verifyBackup } from './verify.ts';
import type { VerifyReport } from './verify-report.ts';

type Common = PlaceSecrets & { target: BackupTarget; data: string; stage: string };

/** What a child process is asked to do, as JSON on its standard input. */
export type WorkOrder =
  | ({ kind: 'create' } & CreateOrder)
  /** `name` null: the newest. */
  | ({ kind: 'verify'; name: string | null } & Common)
  /** `instance`: whose backups they must be; another disk may lie there now. */
  | ({ kind: 'prune'; instance: string; keep: KeepRule; dryRun: boolean } & Common)
  | ({ kind: 'list' } & Common);

/** A backup as it is listed, oldest first. */
export type ListedBackup = {
  name: string;
  path: string;
  createdAt: string;
  version: string;
  origin: string;
  files: number;
  /** Photos and database. */
  bytes: number;
  fingerprint: string;
  /** Why it cannot be used; null if nothing is known against it. */
  problem: string | null;
};

export type WorkReports = {
  create: CreateReport;
  verify: Omit<VerifyReport, 'manifest'> & { name: string; path: string };
  prune: PruneReport;
  list: { label: string; encrypted: boolean; sameDisk: boolean; backups: ListedBackup[] };
};

/** Does what the order says and gives its report. */
export async function doWork(order: WorkOrder, tell: TellProgress): Promise<object> {
  if (order.kind === 'create') return await createBackup(order, tell);
  const place = await openPlace(order.target, order);
  if (order.kind === 'list') return await list(place, order.data);
  if (order.kind === 'prune') {
    const { keep, stage, dryRun } = order;
    requireOwn(place, order.instance);
    if (!dryRun) await place.tidy();
    return await pruneBackups(place, { keep, stage, dryRun });
  }
  const name = order.name ?? (await newestOf(place));
  const { manifest: _manifest, ...report } = await verifyBackup(place, name, {
    stage: order.stage,
    trustedKey: readBackupKey({ root: order.data }).publicKey,
    share: null,
    tell,
  });
  return { ...report, name, path: `${place.label}/snapshots/${name}` };
}

function requireOwn(place: BackupPlace, instance: string): void {
  if (place.instance === instance) return;
  throw new AppError(
    'conflict',
    `The backups in ${place.label} are those of another Tintype (${place.origin}), so none was removed.`,
  );
}

async function newestOf(place: BackupPlace): Promise<string> {
  const newest = (await listSnapshots(place)).findLast((each) => each.finished);
  if (newest !== undefined) return newest.name;
  throw new AppError('not_found', `There are no backups in ${place.label} yet.`);
}

async function list(place: BackupPlace, data: string): Promise<WorkReports['list']> {
  const finished = (await listSnapshots(place)).filter((each) => each.finished);
  const backups: ListedBackup[] = [];
  const own = readBackupKey({ root: data }).publicKey;
  for (const { name } of finished) backups.push(await describe(place, name, own));
  const { label, encrypted } = place;
  return { label, encrypted, sameDisk: place.sharesDiskWith(data), backups };
}

async function describe(place: BackupPlace, name: string, own: string): Promise<ListedBackup> {
  const path = `${place.label}/snapshots/${name}`;
  const nothing = { createdAt: '', version: '', origin: '', files: 0, bytes: 0, fingerprint: '' };
  try {
    const { media, entries, createdAt, version, origin, publicKey } = await readManifest(
      place,
      name,
    );
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, media.bytes);
    const fingerprint = fingerprintOf(publicKey);
    const { files } = media;
    const problem =
      publicKey === own ? null : `signed with another key (${fingerprint}) than this server's`;
    return { name, path, createdAt, version, origin, files, bytes, fingerprint, problem };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'unavailable') throw error;
    return { name, path, ...nothing, problem: error.message };
  }
}
