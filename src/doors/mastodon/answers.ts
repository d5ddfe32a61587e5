import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { hasFilters } from '#domain/filters/match.ts';
import type { FilterContext } from '#domain/filters/queries.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { applyFilters } from '#doors/entities/filtered.ts';
import { statusesByIds, statusListText } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { notFound } from '#doors/http/errors.ts';
import { jsonText } from '#doors/http/json-text.ts';
import { linkHeader } from '#doors/http/links.ts';

type Asker = Pick<Viewer, 'id'> | null;

/** One post as JSON's object; the same `not_found` for a hidden and a missing one. */
export function statusOr404(
  ctx: Context,
  request: Request,
  viewer: Asker,
  id: number | null,
): StatusJson {
  const found = id === null ? [] : statusesByIds(ctx, viewer, [id]);
  const [status] = applyFilters(ctx, viewer, null, found);
  if (!status) throw notFound(request);
  return status;
}

/** The id of a post of the viewer's own, else `not_found`. */
export function ownStatusOr404(
  ctx: Context,
  request: Request,
  viewer: Viewer,
  id: number | null,
): { id: number; status: StatusJson } {
  const status = statusOr404(ctx, request, viewer, id);
  if (status.account.id !== String(viewer.id)) throw notFound(request);
  return { id: Number(status.id), status };
}

/**
 * A page of posts by id, with its `Link` header, which goes on by `cursors` where the order is another
 * one. What the viewer's filters hide in this `context` is left out; the pages stay as they are.
 */
export function statusPage(
  ctx: Context,
  request: Request,
  viewer: Asker,
  page: Page,
  ids: number[],
  cursors: readonly number[] = ids,
  context: FilterContext | null = null,
): Response {
  const link = linkHeader(ctx, request, page, cursors);
  return jsonText(listText(ctx, viewer, ids, context), link === null ? {} : { link });
}

/**
 * Posts by id as JSON text, without those that the viewer's filters hide in this `context`. Most people
 * filter nothing and get the stored text.
 */
export function listText(
  ctx: Context,
  viewer: Asker,
  ids: number[],
  context: FilterContext | null,
): string {
  if (viewer === null || !hasFilters(ctx, viewer)) return statusListText(ctx, viewer, ids);
  return JSON.stringify(applyFilters(ctx, viewer, context, statusesByIds(ctx, viewer, ids)));
}

/** A page of anything else; `cursor` for lists of people (see `linkHeader`). */
export function listPage(
  ctx: Context,
  request: Request,
  page: Page,
  ids: number[],
  list: readonly unknown[],
  options: { cursor?: boolean } = {},
): Response {
  const link = linkHeader(ctx, request, page, ids, options);
  return jsonText(JSON.stringify(list), link === null ? {} : { link });
}

/** A page of accounts by id. */
export function accountPage(ctx: Context, request: Request, page: Page, ids: number[]): Response {
  const rows = findAccounts(ctx.db, ids);
  const list = accountsJson(
    ctx,
    ids.flatMap((id) => rows.get(id) ?? []),
  );
  return listPage(ctx, request, page, ids, list, { cursor: true });
}
