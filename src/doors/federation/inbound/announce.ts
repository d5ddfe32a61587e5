import type { Context } from '#base/context.ts';
import { sharePost } from '#domain/posts/share.ts';
import { isOpen } from '#domain/posts/visibility.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { hasLocalFollower } from './care-queries.ts';
import type { Handler } from './handler.ts';
import { localPostOf } from './local-target.ts';
import type { Activity } from './normalise.ts';
import { addressesIn, idsIn } from './values.ts';
import { visibilityOf } from './visibility-of.ts';

/**
 * A boost: of a post of here, or by somebody whom somebody here follows. The post itself is only
 * ever read where it lives, never taken from what came along (T28), and only what everybody sees can
 * be boosted (T30).
 */
export const receiveAnnounce: Handler = async (ctx, activity, signer) => {
  const id = readAnnounced(activity);
  if (id === null) return null;
  const post = localPostOf(ctx, id) ?? (await fetchCaredFor(ctx, signer.id, id));
  if (post === null || !isOpen(post.visibility)) return null;
  const { to, cc } = activity.document;
  const audience = { to: addressesIn(to), cc: addressesIn(cc) };
  const visibility = visibilityOf(audience, signer.followersUrl);
  if (visibility === 'direct') return null;
  const publishedAt = activity.publishedAt ?? ctx.now();
  return () => {
    sharePost(ctx, signer.id, post.id, { uri: activity.id, visibility, publishedAt });
  };
};

/** Groups of Lemmy announce whole activities: what their Create created is meant. */
export function readAnnounced({ object }: Pick<Activity, 'object'>): string | null {
  if (object.type === 'Create') return idsIn(object.document?.object)[0] ?? null;
  const isActivity = ['Update', 'Delete', 'Like', 'Dislike', 'Undo', 'Add', 'Remove', 'Block'];
  return isActivity.includes(object.type) ? null : object.id;
}

function fetchCaredFor(ctx: Context, signerId: number, id: string) {
  return hasLocalFollower(ctx.db, signerId) ? resolvePost(ctx, id) : null;
}
