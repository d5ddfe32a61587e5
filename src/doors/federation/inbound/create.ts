import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { emitLive } from '#domain/emit-live.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-types.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { hasLocalFollower } from './care-queries.ts';
import { isCaredFor } from './cares.ts';
import type { Handler } from './handler.ts';
import type { Activity } from './normalise.ts';
import { postOfNote } from './post-of-note.ts';
import { readNote } from './read-note.ts';
import { sameOrigin } from './values.ts';

/**
 * A new post. What came along is believed if it is the signer's own; anything else is only read
 * where it lives (T7). Somebody here must have to do with it.
 */
export const receiveCreate: Handler = async (ctx, activity, signer) => {
  const post = readOwnPost(ctx, activity, signer);
  if (post === null) {
    const { id, document } = activity.object;
    if (document === null && id !== null && hasLocalFollower(ctx.db, signer.id)) {
      await resolvePost(ctx, id);
    }
    return null;
  }
  if (!isCaredFor(ctx, post)) return null;
  await fetchParent(ctx, post);
  return () => {
    const received = receivePost(ctx, post);
    if (!received?.made) return;
    const { postId } = received;
    return () => emitLive(ctx, 'post.published', { postId, accountId: signer.id });
  };
};

/** The post that an activity brings along, if it is the signer's own and lives on the signer's server. */
export function readOwnPost(
  ctx: Context,
  activity: Activity,
  signer: AccountRow,
): RemotePost | null {
  const { document } = activity.object;
  const note = document === null ? null : readNote(document);
  if (note === null || 'problem' in note || signer.uri === null) return null;
  if (!sameOrigin(note.uri, signer.uri)) return null;
  if (note.authors.length > 0 && !note.authors.includes(signer.uri)) return null;
  return postOfNote(ctx, note, signer);
}

/** What a comment answers belongs beside it; if it cannot be had, the comment waits for it alone. */
async function fetchParent(ctx: Context, { inReplyToUri }: RemotePost): Promise<void> {
  if (inReplyToUri === null || readPostByUri(ctx, inReplyToUri) !== null) return;
  await resolvePost(ctx, inReplyToUri).catch((error: unknown) => {
    ctx.log.debug('What a comment answers could not be read.', { uri: inReplyToUri, error });
  });
}
