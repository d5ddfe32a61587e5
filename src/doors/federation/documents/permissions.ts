import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { PUBLIC } from './ids.ts';

type Permitted = { like: boolean; share: boolean; comment: boolean };

type Allowed = {
  author: string;
  /** Public or unlisted, and not in a family. */
  open: boolean;
  /** What its author, the post and the server allow others. */
  allows: Permitted;
  /** Who the post is addressed to: of a closed post, who may do something with it at all. */
  addressed: readonly string[];
};

/**
 * What others may do with a post, said twice: as GoToSocial and Mastodon understand it (sub-policies
 * that are missing would be "nobody" to one and "everybody" to the other), and as Pixelfed does.
 */
export function permissions(post: Allowed): JsonObject {
  const audience = post.open ? [PUBLIC] : [...post.addressed];
  const { allows } = post;
  const others = (allowed: boolean) => (allowed ? audience : [post.author]);
  const allow = (who: string[]): JsonValue => ({ automaticApproval: who, manualApproval: [] });
  const first = audience[0];
  return {
    interactionPolicy: {
      canLike: allow(others(allows.like)),
      canReply: allow(others(allows.comment)),
      canAnnounce: allow(post.open ? others(allows.share) : [post.author]),
      // Quotes are granted one by one (FEP-044f), and nobody here answers such a request.
      canQuote: allow([post.author]),
    },
    commentsEnabled: allows.comment,
    capabilities: {
      ...(post.open && allows.share ? { announce: PUBLIC } : {}),
      ...(first === undefined || !allows.like ? {} : { like: first }),
      ...(first === undefined || !allows.comment ? {} : { reply: first }),
    },
  };
}
