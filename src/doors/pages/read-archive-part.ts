import type { Context } from '#base/context.ts';
import { findExportSchedule, listExportsOf } from '#doors/archive/export-queries.ts';
import { estimateBytes, readOptions } from '#doors/archive/exports.ts';
import type { ArchivePart } from '#doors/entities/archive-page-types.ts';

/** What the page about a person's archives is drawn from. */
export function readArchivePart(ctx: Context, accountId: number): ArchivePart {
  const schedule = findExportSchedule(ctx.db, accountId);
  const now = ctx.now();
  const rows = listExportsOf(ctx.db, accountId).filter(
    (row) => row.state !== 'done' || now < (row.expiresAt ?? 0),
  );
  return {
    rows: rows.map(({ id, state, done, total, bytes, detail, ...row }) => ({
      id: String(id),
      state,
      done,
      total,
      bytes,
      detail,
      renditions: readOptions(row).renditions,
      createdAt: timeText(row.createdAt),
      finishedAt: timeOrNull(row.finishedAt),
      expiresAt: timeOrNull(row.expiresAt),
    })),
    schedule: schedule && {
      renditions: readOptions(schedule).renditions,
      nextAt: timeText(schedule.nextAt),
    },
    sizes: {
      plain: estimateBytes(ctx, accountId, false),
      withRenditions: estimateBytes(ctx, accountId, true),
    },
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : timeText(at);
}
