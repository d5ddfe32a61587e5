import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { type AccountRow, findAccount, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { statusListText } from '#doors/entities/status-cache.ts';
import { notFound } from '#doors/http/errors.ts';

/** An account that the viewer may see, from the id in a request; else `not_found`. */
export function seenAccount(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  text: unknown,
): AccountRow {
  const id = typeof text === 'string' || typeof text === 'number' ? parseId(String(text)) : null;
  const row = id === null ? null : findAccount(ctx.db, id);
  if (!row || !canSeeAccount(row, viewer, isClosed(ctx))) throw notFound(request);
  return row;
}

/** Accounts by id as a list, in the order of `ids`. */
export function accountList(ctx: Context, ids: readonly number[]): Response {
  const rows = findAccounts(ctx.db, ids);
  const known = ids.flatMap((id) => rows.get(id) ?? []);
  return Response.json(accountsJson(ctx, known));
}

/** Posts by id as the viewer may see them, as a list. */
export function statusList(ctx: Context, viewer: Viewer | null, ids: number[]): Response {
  return new Response(statusListText(ctx, viewer, ids), {
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}
