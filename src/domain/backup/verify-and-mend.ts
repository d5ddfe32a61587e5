import type { BackupKey } from './keys.ts';
import type { BackupPlace } from './place.ts';
import type { TellProgress } from './progress.ts';
import { type MediaSource, putMedia } from './put-media.ts';
import { verifyBackup } from './verify.ts';
import type { VerifyReport, VerifyShare } from './verify-report.ts';
import { findContent, listNames, type Working } from './working-queries.ts';

type Mending = {
  source: MediaSource;
  stage: string;
  share: VerifyShare | null;
  key: BackupKey;
  /** Names what the backup holds. */
  working: Working;
  tell: TellProgress;
};

/**
 * Looks at a fresh backup. Photos that went bad in the place since an earlier backup are copied
 * again, as long as we still have them, and then everything is looked at once more.
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
  { source, working }: Mending,
): Promise<boolean> {
  const expected = findContent(working, path);
  if (expected === null) return false;
  const { bytes, sha256 } = expected;
  return putMedia(place, source, { path, bytes, sha256 }, listNames(working, path));
}
