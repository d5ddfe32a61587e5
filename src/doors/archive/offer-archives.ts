import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { findLocalAccounts } from '#domain/accounts/queries.ts';
import { readClosing } from '#domain/closing.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { listExportsOf } from './export-queries.ts';
import { askArchive } from './exports.ts';

const KEY = 'closing.archives';

/**
 * Asks for an archive of everybody when this place is to close, and for a last one when it has:
 * nobody has to think of it. Answers how many were asked for. What the disk has no room for is tried
 * again the next day, and admins are told.
 */
export function offerArchives(ctx: Context): number {
  const closing = readClosing(ctx);
  if (closing === null) return 0;
  const since = ctx.now() < closing.closesAt ? closing.announcedAt : closing.closesAt;
  let asked = 0;
  for (const { id, suspendedAt } of findLocalAccounts(ctx.db)) {
    if (suspendedAt !== null) continue;
    const known = listExportsOf(ctx.db, id);
    if (known.some((row) => row.state !== 'failed' && row.createdAt >= since)) continue;
    try {
      askArchive(ctx, id, { renditions: false });
      asked += 1;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'out_of_space') throw error;
      tellAdmins(ctx, {
        key: KEY,
        subject: 'The disk has no room for everybody’s archive',
        text: `This place is to close, and not everybody has an archive yet: ${error.message} Make room, or people have to take turns.`,
      });
      return asked;
    }
  }
  clearBanner(ctx, KEY);
  return asked;
}
