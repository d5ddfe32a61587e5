import { AppError } from '#base/core/errors.ts';
import { compareVersions } from '#base/core/versions.ts';
import type { FoundRelease } from './find-release.ts';
import type { ReleaseFile } from './release-manifest.ts';

/** The newest release that was ever seen, so that an older one cannot be played as the newest. */
export type SeenRelease = { version: string; date: string };

/** Who asks: version and platform (`linux-x64`) of this program, and the clock. */
export type Asker = { version: string; platform: string; now: number };

/**
 * Whether a signed release is one to take: its file for this platform, or null if we have it already.
 * Throws `conflict` where the answer is old (a genuine manifest that somebody holds up or plays again),
 * would lead back, or leaves out a step.
 */
export function judgeRelease(
  { manifest, isHere }: Pick<FoundRelease, 'manifest' | 'isHere'>,
  seen: SeenRelease | null,
  asker: Asker,
): ReleaseFile | null {
  const { version, date, expires } = manifest;
  const steps = compareVersions(version, asker.version);
  if (seen !== null && Date.parse(date) < Date.parse(seen.date)) {
    throw new AppError(
      'conflict',
      `Version ${seen.version} was announced before, and now an older announcement (${version}) is told again. Somebody may hold the newer one back; nothing was changed.`,
    );
  }
  if (steps < 0) {
    throw new AppError(
      'conflict',
      `Version ${version} is older than this one (${asker.version}). Updates only lead forward: your data may not fit an older version.`,
    );
  }
  // What lies on this machine was brought by somebody who knows how old it is.
  if (!isHere && Date.parse(expires) < asker.now) {
    throw new AppError(
      'conflict',
      `What is announced there was good until ${expires.slice(0, 10)} and was not renewed, so nobody knows whether it is the newest. Try again later; is the clock of this machine right?`,
    );
  }
  if (steps === 0) return null;
  if (compareVersions(asker.version, manifest.from) < 0) {
    throw new AppError(
      'conflict',
      `Version ${version} can be reached from ${manifest.from} on; this is ${asker.version}. Update to ${manifest.from} first.`,
    );
  }
  const file = manifest.files.find(({ platform }) => platform === asker.platform);
  if (file !== undefined) return file;
  throw new AppError('not_found', `Version ${version} has no file for ${asker.platform}.`);
}
