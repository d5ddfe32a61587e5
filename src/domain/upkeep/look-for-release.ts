import { type FoundRelease, findRelease } from './find-release.ts';
import { judgeRelease } from './judge-release.ts';
import type { ReleaseFile } from './release-manifest.ts';
import { readUpdateRecord, writeUpdateRecord } from './update-record.ts';

/** Where releases are announced, whose signature counts, and who asks. */
export type Look = { data: string; from: string; key: string; version: string; platform: string };

/**
 * Asks once what the newest release is and remembers it. `file` is null if we have it. Nothing of us is
 * told but that somebody asked. Throws one sentence.
 */
export async function lookForRelease(
  { data, from, key, ...asker }: Look,
  now: number,
  signal?: AbortSignal,
): Promise<{ found: FoundRelease; file: ReleaseFile | null }> {
  const found = await findRelease(from, key, signal);
  const file = judgeRelease(found, readUpdateRecord(data).seen, { ...asker, now });
  const { version, date, notes } = found.manifest;
  writeUpdateRecord(data, { seen: { version, date, notes, checkedAt: now } });
  return { found, file };
}
