import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { linkMentions } from '#domain/posts/link-mentions.ts';
import { listUnknownHandles } from '#domain/posts/unknown-handles.ts';
import { resolveHandle } from '#doors/federation/remote/resolve-handle.ts';

/** Milliseconds that a post waits for the servers of people it mentions. */
const PATIENCE = 8_000;
const MOST = 20;

/**
 * Looks for people of other servers whom a post mentions and who are not known here yet, writes them
 * to the post and links them in its caption. Never throws, and takes eight seconds at most: `missing`
 * says how many were not found by then.
 */
export async function findMentioned(
  ctx: Context,
  postId: number,
): Promise<{ found: number[]; missing: number }> {
  const handles = listUnknownHandles(ctx, postId).slice(0, MOST);
  if (handles.length === 0) return { found: [], missing: 0 };
  const bound = AbortSignal.timeout(PATIENCE);
  const late = new Promise<null>((resolve) => {
    bound.addEventListener('abort', () => resolve(null));
  });
  const answers = await Promise.all(
    handles.map((handle) =>
      Promise.race([resolveHandle(ctx, handle), late]).catch(() => {
        // The handle is of the caption, which may be for few: the server says enough.
        ctx.log.info('Somebody who is mentioned was not found.', {
          host: handle.split('@').at(-1),
        });
        return null;
      }),
    ),
  );
  const found = transaction(ctx.db, () => linkMentions(ctx, postId));
  return { found, missing: answers.filter((answer) => answer === null).length };
}
