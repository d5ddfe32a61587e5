import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { emitLive } from '#domain/emit-live.ts';
import { findPostByUri } from '#domain/posts/remote-queries.ts';
import type { RemotePost } from '#domain/posts/remote-types.ts';
import { revisePost } from '#domain/posts/revise-post.ts';
import { findPostAt } from '#doors/federation/remote/found-post.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { readOwnPost } from './create.ts';
import type { Handler } from './handler.ts';
import type { Activity } from './normalise.ts';
import { postOfNote } from './post-of-note.ts';

/**
 * A post or a profile changed. A post must be here already and be the signer's (T9); a profile is
 * read again where it lives, so that names are checked as for a new one.
 */
export const receiveUpdate: Handler = async (ctx, activity, signer) => {
  const { id } = activity.object;
  if (id === null) return null;
  if (id === signer.uri) {
    await resolveActor(ctx, id, { fresh: true });
    return null;
  }
  const known = findPostByUri(ctx.db, id);
  if (known?.accountId !== signer.id) return null;
  const post = await readChanged(ctx, activity, signer, id);
  if (post?.uri !== known.uri) return null;
  return () => {
    if (!revisePost(ctx, known.id, post)) return;
    return () => emitLive(ctx, 'post.edited', { postId: known.id, accountId: signer.id });
  };
};

/** What came along, or what its server says if nothing did. */
async function readChanged(
  ctx: Context,
  activity: Activity,
  signer: AccountRow,
  id: string,
): Promise<RemotePost | null> {
  if (activity.object.document !== null) return readOwnPost(ctx, activity, signer);
  const { note, author } = await findPostAt(ctx, id);
  return author.id === signer.id ? postOfNote(ctx, note, author) : null;
}
