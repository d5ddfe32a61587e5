import { AppError } from '#base/core/errors.ts';
import { localMediaPath } from './copy-media.ts';
import type { BackupKey } from './keys.ts';
import type { BackupPlace } from './place.ts';
import type { TellProgress } from './progress.ts';
import { verifyBackup } from './verify.ts';
import type { VerifyReport, VerifyShare } from './verify-report.ts';
import { findContent, listNames, type Working } from './working-queries.ts';

type Mending = {
  data: string;
  stage: string;
  share: VerifyShare | null;
  key: BackupKey;
  /** Names what the backup holds. */
  working: Working;
  tell: TellProgress;
};

/**
 * Looks at a fresh backup. Photos that went bad in the place since an earlier backup are copied
 * again, as long as the data directory still has them, and then everything is looked at once more.
 */
export async function verifyAndMend(
  place: BackupPlace,
  name: string,
  mending: Mending,
): Promise<{ report: VerifyReport; mended: number }> {
  const { stage, share, key, tell } = mending;
  const options = { stage, trustedKey: key.publicKey, share, tell };
  const report = await verifyBackup(place, name, options);
  let mended = 0;
  for (const path of report.badMedia) if (await mend(place, path, mending)) mended += 1;
  if (mended === 0) return { report, mended };
  await place.settle();
  return { report: await verifyBackup(place, name, options), mended };
}

async function mend(
  place: BackupPlace,
  path: string,
  { data, working }: Mending,
): Promise<boolean> {
  const expected = findContent(working, path);
  if (expected === null) return false;
  for (const file of listNames(working, path)) {
    try {
      await place.put(path, localMediaPath(data, file), { expected, link: true });
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind !== 'not_found' && error.kind !== 'invalid') throw error;
    }
  }
  return false;
}
