import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { removeImportFiles } from './import-files.ts';
import { listImportsWithFile, moveImport, saveFile } from './import-queries.ts';

const HOUR = 3_600_000;
/** Files wait so long for their owner; a week after the last change they go. */
const LONGEST = 7 * 24 * HOUR;

/**
 * Removes archives that were brought and that nobody went on with for a week, and files in `imports/`
 * that belong to nothing. Answers how many there were and their bytes; with `dryRun` nothing goes.
 */
export async function sweepImports(
  ctx: Context,
  options: { dryRun?: boolean } = {},
): Promise<{ files: number; bytes: number }> {
  const kept = new Set<string>();
  const swept = { files: 0, bytes: 0 };
  for (const row of listImportsWithFile(ctx.db)) {
    const isAtWork = ['reading', 'importing', 'removing'].includes(row.state);
    if (row.file === null) continue;
    if (isAtWork || ctx.now() - row.changedAt < LONGEST) {
      kept.add(row.file);
      continue;
    }
    kept.add(row.file);
    swept.bytes += await sizeOf(ctx, row.file);
    swept.files += 1;
    if (options.dryRun) continue;
    const detail = 'Nobody went on with it for a week, so its file is gone.';
    moveImport(ctx.db, row.id, ['uploading', 'uploaded', 'read', 'paused'], {
      ...{ state: 'cancelled', detail, now: ctx.now() },
    });
    saveFile(ctx.db, row.id, null);
    await removeImportFiles(ctx, row.file);
  }
  for (const name of await readdir(ctx.files.imports)) {
    if (kept.has(name.replace(/\.d$/, ''))) continue;
    const path = join(ctx.files.imports, name);
    const found = await stat(path).catch(() => null);
    // A file that just begins to come has no row yet.
    if (found === null || Date.now() - found.mtimeMs < HOUR) continue;
    swept.files += 1;
    swept.bytes += found.size;
    if (!options.dryRun) await rm(path, { recursive: true, force: true });
  }
  return swept;
}

async function sizeOf(ctx: Context, name: string): Promise<number> {
  return (await stat(join(ctx.files.imports, name)).catch(() => null))?.size ?? 0;
}
