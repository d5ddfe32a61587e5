import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { type AccountRow, findAccountByHandle } from '#domain/accounts/queries.ts';
import { isAdmin, type Viewer } from '#domain/accounts/viewer.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { isOwnDomain, parseHandle } from '#doors/federation/remote/handles.ts';
import { notFound } from '#doors/http/errors.ts';
import { postPath } from '#web/client/address.ts';

/** What is in `/@:name…`: Elysia's types see no parameter after the `@`. */
export const nameParams = v.object({ name: v.string() });

/** What is in `/@:name/:id…`. */
export const postParams = v.object({ name: v.string(), id: v.string() });

/** The account of that name, of this or of another server, if it is known here. */
export function findNamed(ctx: Context, name: string): AccountRow | null {
  const handle = parseHandle(name);
  if (handle === null) return findAccountByHandle(ctx.db, name, null);
  const domain = isOwnDomain(ctx.config, handle.domain) ? null : handle.domain;
  return findAccountByHandle(ctx.db, handle.username, domain);
}

/**
 * The account behind `/@name` or `/@name@server`, upper and lower case alike; hidden and missing
 * throw the same. Admins still see an account of another server that they have suspended.
 */
export function findProfile(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  name: string,
): AccountRow {
  const row = findNamed(ctx, name);
  if (!row) throw notFound(request);
  if (row.domain !== null && row.suspendedAt !== null && isAdmin(viewer)) return row;
  if (!canSeeAccount(row, viewer, isClosed(ctx))) throw notFound(request);
  return row;
}

/** What stands after the `/@` of an account's pages. */
export function acctOf(row: Pick<AccountRow, 'username' | 'domain'>): string {
  return row.domain === null ? row.username : `${row.username}@${row.domain}`;
}

/** The post or the boost behind `/@name/ID` as the viewer may see it; hidden and missing throw the same. */
export function findPageStatus(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  params: { name: string; id: string },
): StatusJson {
  const id = parseId(params.id);
  const [post] = id === null ? [] : statusesByIds(ctx, viewer, [id]);
  if (post?.account.acct.toLowerCase() !== params.name.toLowerCase()) throw notFound(request);
  return post;
}

/** The post behind `/@name/ID…`; a boost has no pages of its own. */
export function findPagePost(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  params: { name: string; id: string },
): StatusJson {
  const post = findPageStatus(ctx, request, viewer, params);
  if (post.reblog !== null) throw notFound(request);
  return post;
}

/** The same for its author alone. */
export function findOwnPagePost(
  ctx: Context,
  request: Request,
  viewer: Viewer,
  params: { name: string; id: string },
): StatusJson {
  const post = findPagePost(ctx, request, viewer, params);
  if (post.account.id !== String(viewer.id)) throw notFound(request);
  return post;
}

/** Path of a post's page. */
export function pathOf(post: StatusJson): string {
  return postPath(post);
}

/** Path of an account's page. */
export function profilePathOf(row: Pick<AccountRow, 'username' | 'domain'>): string {
  return `/@${encodeURIComponent(acctOf(row)).replace('%40', '@')}`;
}

/** Sends `/@Name` on to `/@name`, so that every page has one address. */
export function moveTo(path: string): Response {
  return new Response(null, {
    status: 301,
    headers: { location: path, 'cache-control': 'private, no-store' },
  });
}
