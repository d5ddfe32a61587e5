import type { Context } from '#base/context.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { AccountJson } from '#doors/entities/types.ts';

/** The account that somebody moved to, as far as the viewer may know of it. */
export function readMovedTo(
  ctx: Context,
  viewer: Viewer | null,
  row: Pick<AccountRow, 'movedToId'>,
): AccountJson | null {
  const target = row.movedToId === null ? null : findAccount(ctx.db, row.movedToId);
  if (!target || !canSeeAccount(target, viewer, isClosed(ctx))) return null;
  return accountsJson(ctx, [target])[0] ?? null;
}
