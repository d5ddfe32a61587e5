import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import type { BucketUse } from '#domain/storage/bucket-use.ts';
import type { Admin } from './admin.ts';
import type { Answer } from './subverbs.ts';

/** Moves all photos, a second of work at a time, and says on a terminal how far it is. */
export async function moveMedia(admin: Admin, to: 'bucket' | 'disk'): Promise<Answer> {
  const done = { files: 0, bytes: 0, problems: [] as string[] };
  let after: string | null = null;
  let last: BucketUse | null = null;
  do {
    const step: Awaited<ReturnType<typeof admin<'media.move'>>> = await admin('media.move', {
      to,
      after,
    });
    const { files, bytes, problems } = step;
    done.files += files;
    done.bytes += bytes;
    done.problems.push(...problems);
    after = step.after;
    last = step;
    show(to, step);
  } while (after !== null);
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (done.problems.length > 0) throw incomplete(to, done.problems);
  const moved = `${done.files} files (${formatBytes(done.bytes)}) were moved`;
  const text =
    to === 'bucket'
      ? `${moved} into the bucket ${last.label}; all photos are there.`
      : `${moved} to the disk; all photos are there. media.bucket can be taken out of the settings.`;
  return { value: { to, ...done, placed: last.placed, unplaced: last.unplaced }, text };
}

/** One line about the bucket for `tintype media usage`. */
export function describeBucket({ label, home, placed, unplaced, limitBytes }: BucketUse): string {
  const copies = `${formatBytes(placed.localBytes)} of ${formatBytes(limitBytes)} for copies on the disk`;
  const there = `In the bucket ${label} lie ${placed.files} files with ${formatBytes(placed.bytes)}, ${copies}`;
  if (home === 'disk') {
    return placed.files === 0
      ? 'All photos are on the disk again: media.bucket can be taken out of the settings.'
      : `${there}. They are on their way back: tintype media move --to disk.`;
  }
  return `${there}; ${unplaced.files} files (${formatBytes(unplaced.bytes)}) are on their way to it.`;
}

function show(to: 'bucket' | 'disk', { placed, unplaced }: BucketUse): void {
  if (!process.stderr.isTTY) return;
  const left = to === 'bucket' ? unplaced : placed;
  process.stderr.write(`\r\u001b[K${left.files} files (${formatBytes(left.bytes)}) are left …`);
}

function incomplete(to: 'bucket' | 'disk', problems: readonly string[]): AppError {
  const what = to === 'bucket' ? 'missing or damaged on the disk' : 'gone or damaged in the bucket';
  return new AppError(
    'invalid',
    `${problems.length} files could not be moved because they are ${what}, like ${problems[0]}; all others are. "tintype doctor" names them, and a backup may still have them.`,
  );
}
