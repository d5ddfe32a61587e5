import type { Context } from '#base/context.ts';
import { formatCsv } from '#base/core/csv.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { countItems, type ImportRow, type ItemCount, listItems } from './import-queries.ts';
import type { PlanFound } from './read-plan.ts';

/** Renditions take about so much beside the original. */
const WITH_RENDITIONS = 1.5;
const PAGE = 1_000;

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

/** Reads the report of an import. */
export function readReport(ctx: Context, row: ImportRow): ImportReport {
  const found = JSON.parse(row.found) as Partial<PlanFound>;
  const { quotaBytes, usedBytes } = readMeter(ctx, row.accountId);
  const counts = countItems(ctx.db, row.id);
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
