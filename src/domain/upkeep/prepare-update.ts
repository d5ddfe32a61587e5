import { rmSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { takeLock } from '#base/platform/lock.ts';
import { copyForTrial } from './copy-for-trial.ts';
import { besideManifest, type FoundRelease } from './find-release.ts';
import type { ReleaseFile } from './release-manifest.ts';
import { failUpdate, settleUpdate } from './settle-update.ts';
import { stageExecutable } from './stage-executable.ts';
import { stagedExecutable } from './swap-executable.ts';
import { updatePlaces, writeUpdateRecord, writeUpdateRun } from './update-record.ts';

/** What a look at a copy says; `version` is what the new executable calls itself. */
export type TrialReport = {
  ok: boolean;
  version: string | null;
  steps: readonly { name: string; ok: boolean; detail: string }[];
};

/** Who does what; the hands of another process where this user's rights end. */
export type UpdateHands = {
  /** For people, a line at a time. */
  say(line: string): void;
  /** Copies the checked file beside the executable, and checks it again. */
  place(download: string, staged: string): Promise<void>;
  /** Makes a backup and verifies it; throws when there is none. Gives a sentence. */
  backUp(): Promise<string>;
  /** Starts an executable on a copy and looks whether it works. */
  probe(copy: string, executable: string): Promise<TrialReport>;
  now(): number;
  signal: AbortSignal;
};

/**
 * Everything of an update that changes nothing: download and check, backup, a copy of the data that the
 * new version migrates and serves. Ends with the phase `tested`. Throws one sentence, and whatever was
 * made for it is gone.
 */
export async function prepareUpdate(
  data: string,
  from: { version: string; executable: string },
  found: FoundRelease,
  file: ReleaseFile,
  hands: UpdateHands,
): Promise<void> {
  const places = updatePlaces(data);
  settleUpdate(data, hands.now(), from.executable);
  const lock = takeLock(places.lock);
  if (!('release' in lock)) throw new AppError('conflict', 'Another update is running.');
  try {
    const staged = stagedExecutable(from.executable);
    writeUpdateRecord(data, {
      run: {
        phase: 'testing',
        from: from.version,
        to: { version: found.manifest.version, sha256: file.sha256 },
        executable: from.executable,
        staged,
        begunAt: hands.now(),
        endedAt: null,
        handed: false,
        starts: 0,
        detail: null,
      },
    });
    try {
      await test(data, found, file, staged, hands);
      writeUpdateRun(data, { phase: 'tested' });
    } catch (error) {
      failUpdate(data, error instanceof Error ? error.message : String(error), hands.now());
      throw error;
    }
  } finally {
    lock.release();
  }
}

async function test(
  data: string,
  { place, manifest }: FoundRelease,
  file: ReleaseFile,
  staged: string,
  hands: UpdateHands,
): Promise<void> {
  const places = updatePlaces(data);
  const { signal } = hands;
  hands.say(`Fetching version ${manifest.version} …`);
  await stageExecutable(file, besideManifest(place, file.name), places.download, { signal });
  await hands.place(places.download, staged);
  rmSync(places.download, { force: true });
  hands.say('Making a backup and verifying it …');
  hands.say(await hands.backUp());
  hands.say('Trying the new version on a copy of your data …');
  const copy = await copyForTrial(data, signal);
  const report = await hands.probe(copy, staged);
  rmSync(copy, { recursive: true, force: true });
  for (const step of report.steps) hands.say(`  ${step.ok ? 'ok ' : 'NOT'} ${step.detail}`);
  signal.throwIfAborted();
  const wrong = report.steps.find((step) => !step.ok);
  if (!report.ok) {
    throw new AppError(
      'unavailable',
      `Version ${manifest.version} does not work with a copy of your data (${wrong?.name ?? 'start'}: ${wrong?.detail ?? 'no answer'}), so it was not installed. Nothing was changed.`,
    );
  }
  if (report.version !== manifest.version) {
    throw new AppError(
      'forbidden',
      `The file says that it is version ${report.version}, the announcement says ${manifest.version}. Nothing was changed.`,
    );
  }
}
