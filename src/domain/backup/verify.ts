import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { checkCopy } from './check-copy.ts';
import { fingerprintOf } from './keys.ts';
import { type Manifest, pathInSnapshot, readManifest } from './manifest.ts';
import type { BackupPlace } from './place.ts';
import { createProblems } from './problems.ts';
import { verifyMedia } from './verify-media.ts';
import type { VerifyOptions, VerifyReport } from './verify-report.ts';
import { openWorking } from './working-queries.ts';

/**
 * Looks whether a backup is whole: signature, every file of the snapshot, the database
 * (integrity_check, foreign_key_check, rows against the manifest), the list of photos against the
 * database, and the photos. What is wrong stands in the report; throws only when the place cannot
 * be reached.
 */
export async function verifyBackup(
  place: BackupPlace,
  backup: string,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const problems = createProblems();
  const report: VerifyReport = {
    ok: false,
    problems: problems.first,
    problemCount: 0,
    badMedia: [],
    counts: {},
    files: 0,
    bytes: 0,
    checked: { files: 0, bytes: 0 },
    mode: options.share === null ? 'full' : 'share',
    fingerprint: null,
    manifest: null,
  };
  const manifest = await problems.attempt(() => readManifest(place, backup));
  if (manifest !== null) {
    report.manifest = manifest;
    report.fingerprint = fingerprintOf(manifest.publicKey);
    report.counts = manifest.counts;
    if (options.trustedKey !== null && manifest.publicKey !== options.trustedKey) {
      problems.add(`It is signed with another key (${report.fingerprint}) than this server's.`);
    }
    await verifyContents(place, manifest, options, report, problems);
  }
  report.problemCount = problems.count();
  report.ok = report.problemCount === 0;
  return report;
}

async function verifyContents(
  place: BackupPlace,
  manifest: Manifest,
  options: VerifyOptions,
  report: VerifyReport,
  problems: ReturnType<typeof createProblems>,
): Promise<void> {
  const { stage, tell } = options;
  tell?.({ step: 'check', done: 0, total: manifest.media.files });
  const copy = join(stage, 'checked.db');
  const list = join(stage, 'checked.ndjson');
  const working = openWorking(join(stage, 'checked-work.db'));
  try {
    for (const entry of manifest.entries) {
      const local =
        entry.path === 'tintype.db' ? copy : entry.path === 'files.ndjson' ? list : null;
      const limits = { maxBytes: entry.bytes };
      const path = pathInSnapshot(manifest.name, entry.path);
      await problems.attempt(async () => {
        const content =
          local === null ? await place.hash(path, limits) : await place.get(path, local, limits);
        if (content.bytes === entry.bytes && content.sha256 === entry.sha256) return;
        throw new AppError('invalid', 'It was changed.');
      }, `${entry.path}: `);
    }
    for (const needed of ['tintype.db', 'files.ndjson']) {
      if (manifest.entries.some((entry) => entry.path === needed)) continue;
      problems.add(`${needed} is not in the manifest.`);
    }
    await verifyMedia(place, { manifest, list, working, ...options }, report, problems);
    checkCopy({ copy, manifest, working }, problems);
  } finally {
    working.close();
    for (const path of [copy, list, join(stage, 'checked-work.db')]) rmSync(path, { force: true });
  }
}
