import type { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { readPragma } from '#base/db/open.ts';
import { createFiles } from '#base/platform/files.ts';
import { requireBucket } from '#domain/storage/bucket.ts';
import { readHome, requireMediaHome } from '#domain/storage/media-home.ts';
import { isAnyPlaced } from '#domain/storage/placed-queries.ts';
import { countUsage, findUsage, listStoringAccounts } from '#domain/storage/queries.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { verifyBucket } from '#domain/storage/verify-bucket.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';

const RESTORE =
  'Restore them from a backup: tintype restore PATH; if the directory was moved, look for it first.';

/** Photos: each row has its file, each file its row, and the meters count right. */
export async function checkMedia({ config, db, deep }: Patient): Promise<Finding[]> {
  // Looking must not make what is not there.
  if (db === null || !existsSync(join(config.data, 'media', 'local'))) return [];
  const inBucket = hasPlaced(db) && isAnyPlaced(db);
  const found = await checkDisk({ config, db, deep }, inBucket);
  if (inBucket || config.mediaBucket !== null)
    found.push(...(await checkBucket({ config, db, deep })));
  const wrong = listStoringAccounts(db).filter((id) => {
    const counted = countUsage(db, id);
    const metered = findUsage(db, id);
    return (
      counted.originalBytes !== (metered?.originalBytes ?? 0) ||
      counted.renditionBytes !== (metered?.renditionBytes ?? 0)
    );
  });
  if (wrong.length > 0) {
    const text = `The storage meters of ${wrong.length} accounts are wrong.`;
    const advice = 'tintype doctor --fix counts anew, as the night does.';
    found.push(warn('media.meters', text, advice, 'meters'));
  }
  return found;
}

type Seen = { config: Patient['config']; db: Database; deep: boolean };

async function checkDisk({ config, db, deep }: Seen, placed: boolean): Promise<Finding[]> {
  const found: Finding[] = [];
  const files = createFiles(config.data);
  const { missing, changed, orphans } = await verifyStorage({ db, files }, { deep, placed });
  if (missing.length > 0) found.push(fail('media.missing', some(missing, 'missing'), RESTORE));
  if (changed.length > 0) {
    found.push(fail('media.changed', some(changed, 'not what was uploaded'), RESTORE));
  }
  if (orphans.length > 0) {
    const text = `${orphans.length} files belong to no photo.`;
    const advice = 'The night removes them when they are an hour old; tintype doctor --fix now.';
    found.push(warn('media.orphans', text, advice, 'files'));
  }
  if (found.length === 0) {
    const how = deep ? 'every byte was read' : 'sizes were compared; --deep reads every byte';
    const what = placed ? 'Every photo of the disk' : 'Every photo';
    found.push(fine('media.files', `${what} has its file (${how}).`));
  }
  return found;
}

/** What is in the bucket, and whether the settings lead to it. */
async function checkBucket({ config, db, deep }: Seen): Promise<Finding[]> {
  try {
    requireMediaHome({ config, db });
    const { label } = requireBucket(config);
    if (readHome({ config, db }) === 'disk' && !isAnyPlaced(db)) {
      const text = 'All photos are on the disk again.';
      return [fine('media.bucket', `${text} media.bucket can be taken out of the settings.`)];
    }
    const { missing, changed, orphans, files, all } = await verifyBucket({ config, db }, { deep });
    const found: Finding[] = [];
    const bad = [...missing, ...changed];
    if (bad.length > 0) {
      const text = some(bad, `gone or damaged in the bucket ${label}`);
      found.push(fail('media.bucket', text, RESTORE));
    }
    if (orphans.length > 0) {
      const text = `${orphans.length} files in the bucket ${label} belong to no photo.`;
      const advice = 'The night removes them when they are an hour old; tintype doctor --fix now.';
      found.push(warn('media.bucket_orphans', text, advice, 'files'));
    }
    if (found.length > 0) return found;
    const part = all ? '' : ' (the first of them; --deep looks at all)';
    return [fine('media.bucket', `${files} files are whole in the bucket ${label}${part}.`)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const advice = 'Look at s3.url, s3.secret and media.bucket, and whether the store runs.';
    return [fail('media.bucket', error.message, advice)];
  }
}

/** A database that no newer version opened yet knows no bucket. */
function hasPlaced(db: Database): boolean {
  return readPragma(db, 'user_version') >= 6;
}

function some(names: readonly string[], what: string): string {
  const [first] = names;
  return names.length === 1
    ? `The file ${first} is ${what}.`
    : `${names.length} files are ${what}, among them ${first}.`;
}
