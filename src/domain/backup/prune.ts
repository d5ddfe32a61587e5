import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import type { KeepRule } from '#base/core/keep-rule.ts';
import { chooseKept } from './choose-kept.ts';
import { listSnapshots, type Snapshot } from './list.ts';
import { pathInSnapshot, readManifest } from './manifest.ts';
import type { BackupPlace } from './place.ts';
import { readMediaLines } from './verify-media.ts';
import {
  fillWorking,
  insertFileAgain,
  insertStored,
  listUnnamed,
  openWorking,
  type Working,
} from './working-queries.ts';

export type PruneOptions = {
  keep: KeepRule;
  stage: string;
  dryRun: boolean;
  /** Stays whatever the rule says: the one just made, by a clock that may stand back (T127). */
  always?: string;
};

export type PruneReport = {
  /** Names of backups that went (or would go). */
  removed: string[];
  kept: string[];
  /** Photos that no backup names any more. */
  files: number;
  bytes: number;
};

/**
 * Removes backups that the rule does not keep and then the photos that no backup names. Backups lose
 * their signature first, so a half removed one counts no more and the next run goes on. When the list
 * of photos of any kept backup cannot be read, no photo is removed. Nothing else may write to the
 * place meanwhile.
 */
export async function pruneBackups(
  place: BackupPlace,
  { keep, stage, dryRun, always }: PruneOptions,
): Promise<PruneReport> {
  const snapshots = await listSnapshots(place);
  const finished = snapshots.filter((each) => each.finished).map((each) => each.name);
  const kept = chooseKept(finished, keep);
  if (always !== undefined && finished.includes(always)) kept.add(always);
  const removed: string[] = [];
  for (const snapshot of snapshots) {
    if (kept.has(snapshot.name)) continue;
    if (!dryRun) await removeSnapshot(place, snapshot);
    if (snapshot.finished) removed.push(snapshot.name);
  }
  // A backup must not come back after a power cut when its photos do not.
  if (!dryRun) await place.settle();
  const path = join(stage, 'prune.db');
  const working = openWorking(path);
  try {
    const names = [...kept].sort();
    for (const name of names) await nameMedia(place, name, stage, working);
    await fillWorking(working, place.list('media/'), insertStored);
    const swept = await sweepMedia(place, working, dryRun);
    return { removed, kept: names, ...swept };
  } finally {
    working.close();
    rmSync(path, { force: true });
  }
}

/** Takes a backup away, its signature first. */
export async function removeSnapshot(place: BackupPlace, snapshot: Snapshot): Promise<void> {
  const order = (path: string) =>
    ['manifest.sig', 'manifest.json'].indexOf(path.split('/').at(-1) ?? '');
  const rank = (path: string) => (order(path) === -1 ? 2 : order(path));
  const paths = [...snapshot.paths].sort((a, b) => rank(a) - rank(b));
  for (const path of paths) await place.remove(path);
}

/** Notes which photos a backup needs; throws if that cannot be known for sure. */
async function nameMedia(
  place: BackupPlace,
  name: string,
  stage: string,
  working: Working,
): Promise<void> {
  const local = join(stage, 'prune.ndjson');
  try {
    const manifest = await readManifest(place, name);
    const entry = manifest.entries.find((each) => each.path === 'files.ndjson');
    if (entry === undefined) throw new AppError('invalid', 'It has no list of photos.');
    const limits = { maxBytes: entry.bytes };
    const content = await place.get(pathInSnapshot(name, 'files.ndjson'), local, limits);
    if (content.sha256 !== entry.sha256) throw new AppError('invalid', 'It was changed.');
    await fillWorking(working, readMediaLines(place, local, manifest.media.files), insertFileAgain);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'unavailable') throw error;
    throw new AppError(
      'invalid',
      `No photo was removed from ${place.label}, because it cannot be told which ones the backup ${name} needs: ${error.message} Check it with "tintype backup verify ${name}", and remove its folder if it is lost.`,
      { cause: error },
    );
  } finally {
    rmSync(local, { force: true });
  }
}

async function sweepMedia(
  place: BackupPlace,
  working: Working,
  dryRun: boolean,
): Promise<{ files: number; bytes: number }> {
  const swept = { files: 0, bytes: 0 };
  for (let after = ''; ; ) {
    const page = listUnnamed(working, after, 500);
    for (const { path, bytes } of page) {
      if (!dryRun) await place.remove(path);
      swept.files += 1;
      swept.bytes += bytes;
    }
    const last = page.at(-1);
    if (last === undefined) return swept;
    after = last.path;
  }
}
