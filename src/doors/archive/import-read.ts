import { createReadStream } from 'node:fs';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { originOf } from '#domain/origin.ts';
import { findKnownImport } from '#domain/posts/import-post.ts';
import { readSetting } from '#domain/settings.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { freshScratch, importPath } from './import-files.ts';
import { type ImportItem, itemSchema, type PlannedPost } from './import-item.ts';
import { readOptions } from './import-options.ts';
import {
  deleteItems,
  type ImportRow,
  insertItems,
  moveImport,
  saveFound,
} from './import-queries.ts';
import { startReader } from './import-reader.ts';
import { importWords as words } from './import-words.ts';
import { planPath } from './read-plan.ts';

const DEADLINE = 1_800_000;
const BATCH = 200;
/** What may be unpacked beside what fits the quota: lists, and photos that turn out to be here. */
const MARGIN = 2_000_000_000;

/** Reads an uploaded archive into a report of what would be done with each thing in it; changes nothing else. */
export async function readImport(
  ctx: Context,
  row: ImportRow,
  viewer: Viewer,
  signal: AbortSignal,
): Promise<void> {
  if (row.file === null) throw new AppError('gone', 'The file is not here any more.');
  const scratch = await freshScratch(ctx, row.file);
  const reader = startReader(ctx.files.native);
  const stop = () => void reader.end();
  signal.addEventListener('abort', stop);
  try {
    const task = {
      kind: 'plan' as const,
      file: importPath(ctx, row.file),
      fileName: row.fileName,
      scratch,
      format: row.format,
      list: readOptions(row.options).list,
      most: unpackable(ctx, row.accountId),
      now: ctx.now(),
      origin: originOf(ctx.config),
    };
    const { found } = await reader.ask('planned', task, DEADLINE);
    deleteItems(ctx.db, row.id);
    await keepItems(ctx, row.id, viewer, planPath(scratch), signal);
    transaction(ctx.db, () => {
      const { format, items: total } = found;
      const now = ctx.now();
      saveFound(ctx.db, { id: row.id, format, found: JSON.stringify(found), total, now });
      moveImport(ctx.db, row.id, ['reading'], { state: 'read', detail: null, now });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.end();
  }
}

/** Bytes that a tar may unpack: never more than the disk has, nor much more than the person may store. */
function unpackable(ctx: Context, accountId: number): number {
  const disk = ctx.files.freeBytes() - readSetting(ctx, 'storage.min_free');
  const { quotaBytes, usedBytes } = readMeter(ctx, accountId);
  const own = quotaBytes === null ? Infinity : Math.max(0, quotaBytes - usedBytes) * 2 + MARGIN;
  return Math.max(0, Math.min(disk, own));
}

/** Writes the plan as lines of the report, a few hundred in a transaction. */
async function keepItems(
  ctx: Context,
  importId: number,
  viewer: Viewer,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  let batch: { item: ImportItem; at: number; bytes: number }[] = [];
  let position = 0;
  const flush = () => {
    const rows = batch.map(({ item, at, bytes }) => {
      position += 1;
      return { importId, position, planAt: at, planBytes: bytes, ...judge(ctx, viewer, item) };
    });
    transaction(ctx.db, () => insertItems(ctx.db, rows));
    batch = [];
  };
  for await (const line of readPlan(path)) {
    batch.push(line);
    if (batch.length < BATCH) continue;
    if (signal.aborted) throw signal.reason;
    flush();
    // The pages come first.
    await Bun.sleep(1);
  }
  flush();
}

function judge(ctx: Context, viewer: Viewer, item: ImportItem) {
  const { source, label, skip, notes } = item;
  const kind = item.kind !== 'post' ? item.kind : kindOfPost(item.post);
  const known = item.kind === 'post' && findKnownImport(ctx, viewer, source) !== null;
  const reason = known ? words.already : (skip ?? notes.join(' '));
  return {
    ...{ source, label, kind },
    outcome: known || skip !== null ? ('skipped' as const) : ('planned' as const),
    reason: reason === '' ? null : reason,
  };
}

/** A post without photos is one that people choose apart; what is no post here is something else. */
function kindOfPost(post: PlannedPost | null): string {
  if (post === null) return 'other';
  return post.photos.length === 0 ? 'text' : 'post';
}

async function* readPlan(
  path: string,
): AsyncGenerator<{ item: ImportItem; at: number; bytes: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 262_144 })) {
    rest = Buffer.concat([rest, piece as Buffer]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield { item: parseItem(rest.toString('utf8', 0, end)), at, bytes: end };
      rest = rest.subarray(end + 1);
      at += end + 1;
    }
  }
}

/** A line of the plan; it is checked again, since it was made of somebody's file. */
export function parseItem(line: string): ImportItem {
  return v.parse(itemSchema, JSON.parse(line));
}
