import type { Context } from '#base/context.ts';
import { type AccountRow, findAccountByUsername } from '#domain/accounts/queries.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { readOwnId } from '#doors/federation/documents/read-own-id.ts';

/** The account of this server that an id names; null for all else. */
export function localAccountOf(ctx: Context, id: string | null): AccountRow | null {
  const own = id === null ? null : readOwnId(ctx.config, id);
  return own?.kind === 'actor' ? findAccountByUsername(ctx.db, own.username) : null;
}

/** The post of this server that an id names; null for all else. */
export function localPostOf(ctx: Context, id: string | null): PostRow | null {
  const post = id === null ? null : readPostByUri(ctx, id);
  return post?.uri === null ? post : null;
}
