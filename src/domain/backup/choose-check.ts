import type { Database } from 'bun:sqlite';
import * as v from 'valibot';
import type { BackupTarget } from './place.ts';
import { listRuns } from './run-queries.ts';

const ENOUGH = 20 * 60_000;
// Reading a whole bucket every day costs money.
const BUCKET_ENOUGH = 2_000_000_000;
const BUCKET_PARTS = 7;
const MOST_PARTS = 28;

const reportSchema = v.object({
  bytes: v.number(),
  checkMs: v.number(),
  verify: v.object({
    mode: v.picklist(['full', 'share']),
    checked: v.object({ bytes: v.number() }),
  }),
});

/**
 * How a backup is checked after it was made, from what the last checks of the place took: null for
 * every byte of every photo; else new photos and such a part of the others, which turns with the days
 * until all were read.
 */
export function chooseCheck(db: Database, target: BackupTarget, place: string): number | null {
  const last = listRuns(db, place, 50).find((run) => run.kind === 'create' && run.report !== null);
  if (last?.report == null) return null;
  const report = v.safeParse(reportSchema, JSON.parse(last.report));
  if (!report.success) return null;
  const { bytes, checkMs, verify } = report.output;
  if (target.kind === 'bucket' && bytes > BUCKET_ENOUGH) return BUCKET_PARTS;
  // What all of it would take at the speed of the last check.
  const all = checkMs * (bytes / Math.max(1, verify.checked.bytes));
  if (checkMs === 0 || (verify.mode === 'full' ? checkMs : all) <= ENOUGH) return null;
  return Math.min(MOST_PARTS, Math.ceil((verify.mode === 'full' ? checkMs : all) / ENOUGH));
}
