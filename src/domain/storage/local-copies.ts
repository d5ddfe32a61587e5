import { existsSync, rmSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { perValue } from '#base/core/per-value.ts';
import { transaction } from '#base/db/transaction.ts';
import { readSetting } from '#domain/settings.ts';
import { readHome } from './media-home.ts';
import { listUnusedCopies, setLocal, setUsed, sumLocalCopies } from './placed-queries.ts';

type CopiesContext = Pick<Context, 'config' | 'db' | 'files' | 'now'>;

type Shelf = {
  /** When a file was last asked for, as far as this process knows. */
  uses: Map<string, number>;
  /** Uses and arrivals that are not written down yet: a write for each would empty every memory of pages. */
  used: Set<string>;
  arrived: Set<string>;
  /** Bytes of all copies; null: to be added up. */
  bytes: number | null;
  isShrinking: boolean;
};

const shelves = perValue(
  (_db: Context['db']): Shelf => ({
    uses: new Map(),
    used: new Set(),
    arrived: new Set(),
    bytes: null,
    isShrinking: false,
  }),
);

const MINUTE = 60_000;
/** Somebody who was just given a path may still be about to open it. */
const SPARED = 2 * MINUTE;
const MOST_UNWRITTEN = 2000;
const MOST_UNWRITTEN_ARRIVALS = 20;
const MOST_USES = 50_000;
const BATCH = 50;

/** Notes that somebody needs the copy of a file that lies on the disk: it is not taken away now. */
export function noteLocalUse(ctx: CopiesContext, name: string): void {
  const { uses, used } = shelves(ctx.db);
  uses.set(name, ctx.now());
  used.add(name);
  if (used.size >= MOST_UNWRITTEN) void tendCopies(ctx);
}

/** Counts a copy that has just come to the disk, and makes room if there are too many. */
export async function noteLocalCopy(
  ctx: CopiesContext,
  { name, bytes }: { name: string; bytes: number },
): Promise<void> {
  const shelf = shelves(ctx.db);
  shelf.bytes = copyBytes(ctx.db) + bytes;
  shelf.uses.set(name, ctx.now());
  shelf.used.add(name);
  shelf.arrived.add(name);
  const isOver = shelf.bytes > copyLimit(ctx);
  if (isOver || shelf.arrived.size >= MOST_UNWRITTEN_ARRIVALS) await tendCopies(ctx);
}

/** Adds everything up anew at the next question. */
export function recountCopies(db: Context['db']): void {
  shelves(db).bytes = null;
}

/**
 * Bytes that copies of placed files may take on the disk: as much as copies of other servers' photos
 * (`media.cache_size`), because both are there for the same reason and can be had again.
 */
export function copyLimit(ctx: Pick<Context, 'config' | 'db'>): number {
  return readSetting(ctx, 'media.cache_size');
}

/**
 * Writes down what was used, then takes copies of files that are in the bucket from the disk, those
 * unused the longest first, until they fit (a tenth more, so that not every file costs a round).
 * Files whose row in `placed_blobs` is not committed are never touched. Answers how many went.
 */
export async function tendCopies(ctx: CopiesContext): Promise<number> {
  const shelf = shelves(ctx.db);
  writeDown(ctx, shelf);
  if (shelf.isShrinking || readHome(ctx) !== 'bucket') return 0;
  const limit = copyLimit(ctx);
  if (copyBytes(ctx.db) <= limit) return 0;
  shelf.isShrinking = true;
  try {
    let removed = 0;
    for (;;) {
      const went = dropSome(ctx, shelf, copyBytes(ctx.db) - limit * 0.9);
      removed += went;
      if (went === 0 || copyBytes(ctx.db) <= limit * 0.9) return removed;
      await Bun.sleep(0);
    }
  } finally {
    shelf.isShrinking = false;
  }
}

/** Compares what is noted of copies with what is on the disk, for some placed files. */
export function rightLocalNotes(
  ctx: CopiesContext,
  placed: Iterable<{ name: string; local: 0 | 1 }>,
): void {
  const wrong = [...placed].filter(
    ({ name, local }) => existsSync(ctx.files.mediaPath(name)) !== (local === 1),
  );
  if (wrong.length === 0) return;
  transaction(ctx.db, () => {
    for (const local of [0, 1] as const) {
      const names = wrong.filter((each) => each.local !== local).map((each) => each.name);
      setLocal(ctx.db, names, local);
    }
  });
  recountCopies(ctx.db);
}

// In one go: between a file that goes and its note nobody may look.
function dropSome(ctx: CopiesContext, shelf: Shelf, excess: number): number {
  const spared = ctx.now() - SPARED;
  const unused = listUnusedCopies(ctx.db, BATCH).filter(
    ({ name }) => (shelf.uses.get(name) ?? 0) < spared,
  );
  const chosen: string[] = [];
  let freed = 0;
  for (const { name, bytes } of unused) {
    if (freed >= excess || readHome(ctx) !== 'bucket') break;
    rmSync(ctx.files.mediaPath(name), { force: true });
    shelf.uses.delete(name);
    chosen.push(name);
    freed += bytes;
  }
  if (chosen.length > 0) transaction(ctx.db, () => setLocal(ctx.db, chosen, 0));
  shelf.bytes = Math.max(0, copyBytes(ctx.db) - freed);
  return chosen.length;
}

function copyBytes(db: Context['db']): number {
  const shelf = shelves(db);
  shelf.bytes ??= sumLocalCopies(db);
  return shelf.bytes;
}

function writeDown({ db }: CopiesContext, { uses, used, arrived }: Shelf): void {
  if (used.size + arrived.size > 0) {
    const pairs = [...used].map((name) => [name, uses.get(name) ?? 0] as const);
    transaction(db, () => {
      setUsed(db, pairs);
      setLocal(db, [...arrived], 1);
    });
  }
  used.clear();
  arrived.clear();
  if (uses.size > MOST_USES) uses.clear();
}
