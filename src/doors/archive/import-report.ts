import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { formatCsv } from '#base/core/csv.ts';
import { readMeter } from '#domain/storage/meter.ts';
import {
  countItems,
  countWaiting,
  type ImportRow,
  type ItemCount,
  listItems,
} from './import-queries.ts';
import type { PlanFound } from './read-plan.ts';

/** Renditions take about so much beside the original. */
const WITH_RENDITIONS = 1.5;
const PAGE = 1_000;
/** Milliseconds that are long for one look, and how often so long its answer is told again. */
const SLOW = 20;
const RESTS = 20;

/** What an import is about to do, does, or did, in numbers. */
export type ImportReport = {
  id: string;
  state: ImportRow['state'];
  format: ImportRow['format'];
  fileName: string;
  detail: string | null;
  /** Items that ended, and all of them. */
  done: number;
  total: number;
  counts: ItemCount[];
  photos: number;
  photoBytes: number;
  /** Bytes that the photos will take up, about, and that are left; null: no limit. */
  needed: number;
  left: number | null;
  hosts: PlanFound['hosts'];
  odd: number;
};

/** How far an import is, for pages that ask again and again. */
export function readProgress(ctx: Context, row: ImportRow): { done: number; total: number } {
  return { done: row.total - countWaiting(ctx.db, row.id), total: row.total };
}

type Counted = { until: number; state: ImportRow['state']; counts: ItemCount[] };
const counted = new WeakMap<Database, Map<number, Counted>>();

/** Counting two hundred thousand lines takes a quarter of a second: whoever asks on gets the same answer for a while (T125). */
function countOf(ctx: Context, row: ImportRow): ItemCount[] {
  const slow = counted.get(ctx.db) ?? new Map<number, Counted>();
  counted.set(ctx.db, slow);
  const begun = performance.now();
  const known = slow.get(row.id);
  if (known !== undefined && known.state === row.state && begun < known.until) return known.counts;
  const counts = countItems(ctx.db, row.id);
  const took = performance.now() - begun;
  slow.delete(row.id);
  if (took < SLOW) return counts;
  const [oldest] = slow.size >= 100 ? slow.keys() : [];
  if (oldest !== undefined) slow.delete(oldest);
  slow.set(row.id, { until: begun + took * RESTS, state: row.state, counts });
  return counts;
}

/** Reads the report of an import. */
export function readReport(ctx: Context, row: ImportRow): ImportReport {
  const found = JSON.parse(row.found) as Partial<PlanFound>;
  const { quotaBytes, usedBytes } = readMeter(ctx, row.accountId);
  const counts = countOf(ctx, row);
  const waiting = counts.reduce(
    (sum, each) => sum + (each.outcome === 'planned' ? each.count : 0),
    0,
  );
  const photoBytes = found.photoBytes ?? 0;
  return {
    id: String(row.id),
    state: row.state,
    format: row.format,
    fileName: row.fileName,
    detail: row.detail,
    done: row.total - waiting,
    total: row.total,
    counts,
    photos: found.photos ?? 0,
    photoBytes,
    needed: Math.round(photoBytes * WITH_RENDITIONS),
    left: quotaBytes === null ? null : Math.max(0, quotaBytes - usedBytes),
    hosts: found.hosts ?? [],
    odd: found.odd ?? 0,
  };
}

/** Everything that was not, or not wholly, taken, as CSV, a piece at a time. */
export async function* reportCsv(ctx: Context, row: ImportRow): AsyncGenerator<string> {
  yield formatCsv([['what', 'which', 'how it ended', 'why', 'name in the archive']]);
  for (let after = 0; ; ) {
    const items = listItems(ctx.db, row.id, { after, limit: PAGE, troubled: true });
    const last = items.at(-1);
    if (last === undefined) return;
    after = last.position;
    yield formatCsv(
      items.map(({ kind, label, outcome, reason, source }) =>
        [kind, label, outcome, reason ?? '', source].map(harmless),
      ),
    );
    await Bun.sleep(0);
  }
}

/** A cell that begins like a formula would be run by a spreadsheet. */
function harmless(cell: string): string {
  return /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
}
