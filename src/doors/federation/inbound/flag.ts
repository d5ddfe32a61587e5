import type { Context } from '#base/context.ts';
import { fileReport } from '#domain/moderation/file-report.ts';
import type { Handler } from './handler.ts';
import { localAccountOf, localPostOf } from './local-target.ts';
import type { Activity } from './normalise.ts';

/**
 * Somebody elsewhere thinks that admins here should look at people or posts of this server: one report
 * for each person, and nothing happens by itself (T27). Most servers send it in the name of the whole
 * instance.
 */
export const receiveFlag: Handler = async (ctx, activity, signer) => {
  const posts = readFlagged(ctx, activity);
  if (posts.size === 0) return null;
  return () => {
    for (const [targetId, postIds] of posts) {
      fileReport(ctx, {
        // The id of a Flag about two people fits one report only.
        uri: posts.size === 1 ? activity.id : null,
        reporterId: signer.id,
        reporterDomain: signer.domain,
        targetId,
        postIds,
        comment: activity.content,
      });
    }
  };
};

/** Whom of here it is about, with their posts. */
function readFlagged(ctx: Context, { objects }: Activity): Map<number, number[]> {
  const flagged = new Map<number, number[]>();
  for (const { id } of objects) {
    const post = localPostOf(ctx, id);
    const targetId = post?.accountId ?? localAccountOf(ctx, id)?.id;
    if (targetId === undefined) continue;
    const posts = flagged.get(targetId) ?? [];
    if (post) posts.push(post.id);
    flagged.set(targetId, posts);
  }
  return flagged;
}
