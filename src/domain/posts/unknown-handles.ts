import type { Context } from '#base/context.ts';
import { readCaption } from './index-words.ts';
import { findPost } from './queries.ts';

/** Handles (`name@domain`) in the caption of a local post that nobody here knows yet. */
export function listUnknownHandles(ctx: Pick<Context, 'config' | 'db'>, postId: number): string[] {
  const post = findPost(ctx.db, postId);
  return post === null || post.uri !== null ? [] : readCaption(ctx, post.caption).unknown;
}
