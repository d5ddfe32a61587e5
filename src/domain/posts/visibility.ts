/** Who may see a post. In a closed (family) instance `public` means all members. */
export const visibilities = ['public', 'unlisted', 'followers', 'self', 'direct'] as const;
export type Visibility = (typeof visibilities)[number];

/** What the decision needs of a post. */
export type PostState = {
  accountId: number;
  audienceId: number;
  visibility: Visibility;
  archivedAt: number | null;
  /** A moderator took it out of sight. */
  hiddenAt: number | null;
};

/** What the decision needs of the world around a post and its viewer. */
export type PostFacts = {
  /** Family mode: nothing for strangers. */
  closed: boolean;
  authorSuspended: boolean;
  /** The author asked for the deletion of the account; it is hidden while that can be called off. */
  authorLeaving: boolean;
  /** The viewer is an accepted follower of the post's audience account. */
  follows: boolean;
  /** The author blocks the viewer, or the viewer the author. */
  blocked: boolean;
  /** The post mentions the viewer. */
  mentioned: boolean;
};

/**
 * Whether `viewer` (null: a stranger) may see a post. The pure twin of `VISIBLE` in `reading.ts`; a
 * property test holds the two together, so whoever changes one changes both.
 */
export function canSeePost(
  post: PostState,
  viewer: { id: number } | null,
  facts: PostFacts,
): boolean {
  if (facts.authorSuspended) return false;
  if (viewer?.id === post.accountId) return true;
  if (post.archivedAt !== null || post.hiddenAt !== null || facts.authorLeaving) return false;
  if (viewer !== null && facts.blocked) return false;
  if (post.visibility === 'public' || post.visibility === 'unlisted') {
    return viewer !== null || !facts.closed;
  }
  if (viewer === null || post.visibility === 'self') return false;
  if (facts.mentioned) return true;
  return post.visibility === 'followers' && (viewer.id === post.audienceId || facts.follows);
}

const WIDTH: Record<Visibility, number> = {
  self: 0,
  direct: 1,
  followers: 2,
  unlisted: 3,
  public: 4,
};

/** The narrower of two: a comment is never wider than what it answers. */
export function narrower(one: Visibility, other: Visibility): Visibility {
  return WIDTH[one] <= WIDTH[other] ? one : other;
}

/** True for posts that everybody who may read the instance sees; only these are in public counters. */
export function isOpen(visibility: Visibility): boolean {
  return visibility === 'public' || visibility === 'unlisted';
}
