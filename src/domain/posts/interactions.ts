import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import {
  defaultPreferences,
  type Preferences,
  readPreferences,
} from '#domain/accounts/preferences.ts';
import { readSwitches } from '#domain/settings.ts';
import type { PostRow } from './rows.ts';

/** What somebody may do with a post. */
export type Interaction = 'like' | 'share' | 'comment';
export type Allowed = Record<Interaction, boolean>;

/** What this server has at all; an admin switches it off for everybody. */
export type Features = { likes: boolean; boosts: boolean; comments: boolean; counts: boolean };

type Switches = Pick<PostRow, 'likesDisabled' | 'sharesDisabled' | 'commentsDisabled'>;
type Wishes = Pick<Preferences, 'allowLikes' | 'allowBoosts' | 'allowComments'>;
type World = Pick<Context, 'config' | 'db'>;
type Reacted = Switches & Pick<PostRow, 'accountId' | 'uri'>;

/** What others may do with a post: what its author, the post itself and the server all allow. */
export function allowedOn(post: Switches, author: Wishes, features: Features): Allowed {
  return {
    like: features.likes && author.allowLikes && post.likesDisabled === 0,
    share: features.boosts && author.allowBoosts && post.sharesDisabled === 0,
    comment: features.comments && author.allowComments && post.commentsDisabled === 0,
  };
}

const FEATURES = [
  'features.likes',
  'features.boosts',
  'features.comments',
  'features.counts',
] as const;

/** What this server has at all, now. */
export function readFeatures(ctx: World): Features {
  const on = readSwitches(ctx, FEATURES);
  return {
    likes: on.has('features.likes'),
    boosts: on.has('features.boosts'),
    comments: on.has('features.comments'),
    counts: on.has('features.counts'),
  };
}

/**
 * Whether an account of any server may do this with a post, if it sees it. Authors answer under
 * their own posts whatever they allow others; only the server's switch is above that.
 */
export function mayReact(ctx: World, what: Interaction, accountId: number, post: Reacted): boolean {
  const features = readFeatures(ctx);
  // What authors elsewhere let nobody else do they do themselves.
  const own = post.accountId === accountId && (what === 'comment' || post.uri !== null);
  if (own) return features[FEATURE_OF[what]];
  const author = readPreferences(ctx.db, post.accountId);
  return allowedOn(post, author, features)[what];
}

const FEATURE_OF = { like: 'likes', share: 'boosts', comment: 'comments' } as const;

const REFUSALS: Record<Interaction, string> = {
  like: 'Likes are turned off for this post.',
  share: 'Boosts are turned off for this post.',
  comment: 'Comments are turned off for this post.',
};

/** The same for an account of this server, as a sentence: throws `invalid`. */
export function requireAllowed(
  ctx: World,
  what: Interaction,
  accountId: number,
  post: Reacted,
): void {
  if (!mayReact(ctx, what, accountId, post)) throw new AppError('invalid', REFUSALS[what]);
}

/** What a person gets to see of reactions: what the server has, less what they do not want to see. */
export function readSeen(ctx: World, viewer: { id: number } | null): Features {
  const features = readFeatures(ctx);
  const wishes = viewer === null ? defaultPreferences : readPreferences(ctx.db, viewer.id);
  return {
    likes: features.likes && wishes.seeLikes,
    boosts: features.boosts && wishes.seeBoosts,
    comments: features.comments && wishes.seeComments,
    counts: features.counts && wishes.seeCounts,
  };
}

/** The numbers of a post as everybody else hears them: 0 for what this server does not show. */
export function reactionTotals(
  post: Pick<PostRow, 'repliesCount' | 'likesCount' | 'sharesCount'>,
  features: Features,
): { replies: number; likes: number; shares: number } {
  const count = (shown: boolean, n: number) => (shown && features.counts ? n : 0);
  return {
    replies: count(features.comments, post.repliesCount),
    likes: count(features.likes, post.likesCount),
    shares: count(features.boosts, post.sharesCount),
  };
}
