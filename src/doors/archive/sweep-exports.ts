import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { deleteExport, failExport, listDueSchedules, listExportsIn } from './export-queries.ts';
import { askArchive, exportPaths, readOptions, scheduleArchive } from './exports.ts';

const HOUR = 3_600_000;
/** Milliseconds after which nobody waits for an archive any more. */
const GIVEN_UP = 3 * 24 * HOUR;
const FORGOTTEN = 30 * 24 * HOUR;

/** What `sweepExports` did. */
export type SweptExports = { expired: number; files: number; bytes: number; asked: number };

/**
 * Removes archives whose day has come and files that no archive names, gives up what nobody works on,
 * and asks for those that people want every month. `dryRun` only counts.
 */
export function sweepExports(ctx: Context, { dryRun = false } = {}): SweptExports {
  const now = ctx.now();
  const over = listExportsIn(ctx.db, ['done']).filter((row) => now >= (row.expiresAt ?? 0));
  const old = listExportsIn(ctx.db, ['failed']).filter((row) => now >= row.createdAt + FORGOTTEN);
  if (!dryRun) {
    transaction(ctx.db, () => {
      for (const { id } of [...over, ...old]) deleteExport(ctx.db, id);
      for (const { id, createdAt } of listExportsIn(ctx.db, ['waiting', 'running'])) {
        if (now >= createdAt + GIVEN_UP) failExport(ctx.db, id, 'It was never finished.', now);
      }
    });
  }
  const gone = new Set(over.flatMap(({ file }) => (file === null ? [] : [file])));
  const files = sweepFiles(ctx, gone, dryRun);
  return { expired: over.length, ...files, asked: dryRun ? 0 : askDue(ctx) };
}

function sweepFiles(ctx: Context, gone: ReadonlySet<string>, dryRun: boolean) {
  const wanted = new Set<string>();
  for (const row of listExportsIn(ctx.db, ['waiting', 'running', 'done'])) {
    if (row.file === null || gone.has(row.file)) continue;
    const { whole, part, scratch } = exportPaths(ctx, row.file);
    for (const path of row.state === 'done' ? [whole] : [part, scratch, whole]) wanted.add(path);
  }
  const swept = { files: 0, bytes: 0 };
  for (const name of readdirSync(ctx.files.exports)) {
    const path = join(ctx.files.exports, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || wanted.has(path)) continue;
    // A command writes beside the server, and marks its folder while it does.
    const known = gone.has(name.replace(/\.[a-z]+$/, ''));
    if (!known && found.mtimeMs > ctx.now() - HOUR) continue;
    swept.files += 1;
    swept.bytes += found.isFile() ? found.size : 0;
    if (!dryRun) rmSync(path, { recursive: true, force: true });
  }
  return swept;
}

function askDue(ctx: Context): number {
  let asked = 0;
  for (const wish of listDueSchedules(ctx.db, ctx.now())) {
    const options = readOptions(wish);
    try {
      askArchive(ctx, wish.accountId, options);
      scheduleArchive(ctx, wish.accountId, options);
      asked += 1;
    } catch (error) {
      // Tomorrow there may be room again.
      ctx.log.warn('A monthly archive could not be asked for.', { error });
    }
  }
  return asked;
}
