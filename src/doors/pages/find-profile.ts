import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { type AccountRow, findAccountByUsername } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { notFound } from '#doors/http/errors.ts';

/** What is in `/@:name…`: Elysia's types see no parameter after the `@`. */
export const nameParams = v.object({ name: v.string() });

/** What is in `/@:name/:id…`. */
export const postParams = v.object({ name: v.string(), id: v.string() });

/** The account behind `/@name`, upper and lower case alike; hidden and missing throw the same. */
export function findProfile(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  name: string,
): AccountRow {
  const row = findAccountByUsername(ctx.db, name);
  if (!row || !canSeeAccount(row, viewer, isClosed(ctx))) throw notFound(request);
  return row;
}

/** The post behind `/@name/ID` as the viewer may see it; hidden and missing throw the same. */
export function findPagePost(
  ctx: Context,
  request: Request,
  viewer: Viewer | null,
  params: { name: string; id: string },
): StatusJson {
  const id = parseId(params.id);
  const [post] = id === null ? [] : statusesByIds(ctx, viewer, [id]);
  const name = params.name.toLowerCase();
  if (post?.account.username.toLowerCase() !== name) throw notFound(request);
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
  return `/@${post.account.username}/${post.id}`;
}

/** Sends `/@Name` on to `/@name`, so that every page has one address. */
export function moveTo(path: string): Response {
  return new Response(null, {
    status: 301,
    headers: { location: path, 'cache-control': 'private, no-store' },
  });
}
