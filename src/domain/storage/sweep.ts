import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { isRemovalHeld } from './hold-removal.ts';
import { findKnownNames } from './queries.ts';
import { removeFiles } from './remove-files.ts';

export type SweepReport = { files: number; bytes: number; temp: number; doomed: number };

const HOUR = 3_600_000;
const BATCH = 200;

/**
 * Removes files that no row names (left by a crash between rename and commit), temp files of uploads
 * that never ended, and doomed files. Safe beside running uploads, because only what lies untouched
 * for `orphanAge` milliseconds (an hour; temp files a day) is taken; may run at any time and twice.
 */
export async function sweepStorage(
  ctx: Pick<Context, 'config' | 'db' | 'files' | 'now'>,
  options: { orphanAge?: number; tempAge?: number } = {},
): Promise<SweepReport> {
  // A photo that was deleted a moment ago is a file without a row, too.
  if (isRemovalHeld(ctx.db)) return { files: 0, bytes: 0, temp: 0, doomed: 0 };
  // What the bucket did not let go stays noted, and the disk is swept all the same.
  const doomed = await removeFiles(ctx).catch((error: unknown) => {
    if (error instanceof AppError) return 0;
    throw error;
  });
  const orphans = await sweepOrphans(ctx, ctx.now() - (options.orphanAge ?? HOUR));
  const temp = await sweepTemp(ctx, ctx.now() - (options.tempAge ?? 24 * HOUR));
  return { ...orphans, temp, doomed };
}

async function sweepOrphans(ctx: Pick<Context, 'db' | 'files'>, before: number) {
  const report = { files: 0, bytes: 0 };
  let batch: { name: string; bytes: number }[] = [];
  const flush = async () => {
    if (isRemovalHeld(ctx.db)) {
      batch = [];
      return;
    }
    const known = findKnownNames(
      ctx.db,
      batch.map((file) => file.name),
    );
    for (const file of batch) {
      if (known.has(file.name)) continue;
      await ctx.files.removeMedia(file.name);
      report.files += 1;
      report.bytes += file.bytes;
    }
    batch = [];
  };
  for await (const file of ctx.files.listMedia()) {
    if (file.modifiedAt > before) continue;
    batch.push(file);
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return report;
}

async function sweepTemp(ctx: Pick<Context, 'files'>, before: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(ctx.files.tmp)) {
    const path = join(ctx.files.tmp, name);
    const found = await stat(path).catch(() => null);
    if (!found || found.mtimeMs > before) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
