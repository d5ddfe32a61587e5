import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { queueJob } from '#domain/queue-job.ts';
import { removeImportFiles } from './import-files.ts';
import { kindsOf, readOptions } from './import-options.ts';
import { takeImportPerson } from './import-people.ts';
import { readItem, takeImportPost } from './import-posts.ts';
import {
  countDone,
  countItems,
  findImport,
  findNextItem,
  type ImportRow,
  moveImport,
  saveFile,
  settleItem,
} from './import-queries.ts';
import { readImport } from './import-read.ts';
import { type ArchiveReader, startReader } from './import-reader.ts';
import { removeSome } from './import-undo.ts';

/** Milliseconds that one turn takes at most; then it queues anew, so a crash costs no tries. */
const TURN = 120_000;
/** People that are asked for in one turn, and the pause after it: other servers are asked gently. */
const PEOPLE = 5;
const PAUSE = 10_000;
const OTHERS = [...kindsOf.profile, ...kindsOf.people, ...kindsOf.lists];
const POSTS = [...kindsOf.posts, ...kindsOf.textPosts];

const busy = new WeakMap<Context, Set<number>>();

/** The job `archive.import`: does a turn of work and queues the next one if there is more. */
export async function continueImport(
  ctx: Context,
  importId: number,
  signal: AbortSignal,
): Promise<void> {
  const pause = await workImport(ctx, importId, signal, TURN);
  if (pause !== null) queueImport(ctx, importId, pause);
}

/** Queues the next turn of an import, so many milliseconds from now. */
export function queueImport(ctx: Context, importId: number, pause = 0): void {
  const options = { runAt: ctx.now() + pause, uniqueKey: String(importId) };
  transaction(ctx.db, () => queueJob(ctx, 'archive.import', { importId }, options));
}

/**
 * Goes on with an import for at most `turn` milliseconds: reads it, takes things in, or takes them away
 * again, as its state says. Answers after how many milliseconds to go on; null: nothing is to be done.
 */
export async function workImport(
  ctx: Context,
  importId: number,
  signal: AbortSignal,
  turn: number,
): Promise<number | null> {
  const running = busy.get(ctx) ?? new Set<number>();
  busy.set(ctx, running);
  if (running.has(importId)) return 1_000;
  running.add(importId);
  try {
    return await work(ctx, importId, signal, turn);
  } finally {
    running.delete(importId);
  }
}

async function work(
  ctx: Context,
  importId: number,
  signal: AbortSignal,
  turn: number,
): Promise<number | null> {
  const row = findImport(ctx.db, importId);
  const viewer = row === null ? null : ownerOf(ctx, row);
  if (row === null || viewer === null) return null;
  const end = performance.now() + turn;
  if (row.state === 'removing') return await removeSome(ctx, row, viewer, end, signal);
  try {
    if (row.state === 'uploaded' || row.state === 'reading') {
      const now = ctx.now();
      moveImport(ctx.db, row.id, ['uploaded'], { state: 'reading', detail: null, now });
      await readImport(ctx, row, viewer, signal);
      return null;
    }
    return row.state === 'importing' ? await takeSome(ctx, row, viewer, end, signal) : null;
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    await stop(ctx, row, error);
    return null;
  }
}

/** What has no room waits for room; what cannot be read has failed, and its file is of no use. */
async function stop(ctx: Context, row: ImportRow, error: AppError): Promise<void> {
  const waits = error.kind === 'out_of_space' && row.state === 'importing';
  const state = waits ? 'paused' : 'failed';
  const change = { state, detail: error.message, now: ctx.now() } as const;
  const isMoved = moveImport(ctx.db, row.id, ['uploaded', 'reading', 'importing'], change);
  ctx.log.info('An import stopped.', { id: row.id, error: error.message });
  if (!isMoved || waits) return;
  saveFile(ctx.db, row.id, null);
  await removeImportFiles(ctx, row.file);
}

function ownerOf(ctx: Context, row: ImportRow): Viewer | null {
  const account = findAccount(ctx.db, row.accountId);
  if (!account || account.role === null || account.suspendedAt !== null) return null;
  if (account.deletionAt !== null) return null;
  return { id: account.id, username: account.username, role: account.role };
}

async function takeSome(
  ctx: Context,
  row: ImportRow,
  viewer: Viewer,
  end: number,
  signal: AbortSignal,
): Promise<number | null> {
  if (row.file === null) throw new AppError('gone', 'The file is not here any more.');
  const options = readOptions(row.options);
  let reader: ArchiveReader | null = null;
  try {
    for (;;) {
      if (signal.aborted) throw signal.reason;
      if (performance.now() > end) return 0;
      if (findImport(ctx.db, row.id)?.state !== 'importing') return null;
      const next = findNextItem(ctx.db, row.id, POSTS);
      if (next === null) break;
      reader ??= startReader(ctx.files.native);
      const source = { accountId: viewer.id, file: row.file, options, reader, signal };
      try {
        await takeImportPost(ctx, viewer, row.id, next, source);
      } catch (error) {
        // A child that was killed by what it read is not used again.
        await reader.end();
        reader = null;
        throw error;
      }
      await Bun.sleep(0);
    }
  } finally {
    await reader?.end();
  }
  return await takePeople(ctx, row, viewer, row.file, signal);
}

async function takePeople(
  ctx: Context,
  row: ImportRow,
  viewer: Viewer,
  file: string,
  signal: AbortSignal,
): Promise<number | null> {
  for (let count = 0; count < PEOPLE; count += 1) {
    if (signal.aborted) throw signal.reason;
    if (findImport(ctx.db, row.id)?.state !== 'importing') return null;
    const next = findNextItem(ctx.db, row.id, OTHERS);
    if (next === null) return await finish(ctx, row);
    const ended = await takeImportPerson(ctx, viewer, await readItem(ctx, file, next));
    transaction(ctx.db, () => {
      settleItem(ctx.db, row.id, { position: next.position, ...ended, postId: null });
      countDone(ctx.db, row.id, 1, ctx.now());
    });
  }
  return PAUSE;
}

/** Without failures nobody will try again, so the file goes. */
async function finish(ctx: Context, row: ImportRow): Promise<null> {
  const failed = countItems(ctx.db, row.id).some(({ outcome }) => outcome === 'failed');
  const done = { state: 'done', detail: null, now: ctx.now() } as const;
  if (!moveImport(ctx.db, row.id, ['importing'], done) || failed) return null;
  await removeImportFiles(ctx, row.file);
  saveFile(ctx.db, row.id, null);
  return null;
}
