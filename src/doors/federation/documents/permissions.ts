import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { PUBLIC } from './ids.ts';

type Allowed = {
  author: string;
  /** Public or unlisted, and not in a family. */
  open: boolean;
  commentsDisabled: boolean;
  /** Who the post is addressed to: of a closed post, who may do something with it at all. */
  addressed: readonly string[];
};

/**
 * What others may do with a post, said twice: as GoToSocial and Mastodon understand it (sub-policies
 * that are missing would be "nobody" to one and "everybody" to the other), and as Pixelfed does.
 */
export function permissions(post: Allowed): JsonObject {
  const audience = post.open ? [PUBLIC] : [...post.addressed];
  const widely = post.open ? [PUBLIC] : [post.author];
  const repliers = post.commentsDisabled ? [post.author] : audience;
  const allow = (who: string[]): JsonValue => ({ automaticApproval: who, manualApproval: [] });
  const first = audience[0];
  return {
    interactionPolicy: {
      canLike: allow(audience),
      canReply: allow(repliers),
      canAnnounce: allow(widely),
      // Quotes are granted one by one (FEP-044f), and nobody here answers such a request.
      canQuote: allow([post.author]),
    },
    commentsEnabled: !post.commentsDisabled,
    capabilities: {
      ...(post.open ? { announce: PUBLIC } : {}),
      ...(first === undefined ? {} : { like: first }),
      ...(first === undefined || post.commentsDisabled ? {} : { reply: first }),
    },
  };
}
