import type { Features } from '#domain/posts/interactions.ts';
import type { StatusJson } from './types.ts';

/** True where all there is is shown, which is nearly everywhere. */
export function hidesNothing(seen: Features): boolean {
  return seen.likes && seen.boosts && seen.comments && seen.counts;
}

/** A post without the numbers that are not shown to whoever asks: apps read 0. */
export function hideReactions(post: StatusJson, seen: Features): StatusJson {
  const count = (shown: boolean, n: number) => (shown && seen.counts ? n : 0);
  const replies = count(seen.comments, post.replies_count);
  return {
    ...post,
    replies_count: replies,
    reply_count: replies,
    reblogs_count: count(seen.boosts, post.reblogs_count),
    favourites_count: count(seen.likes, post.favourites_count),
    tintype: {
      ...post.tintype,
      hides: {
        likes: !seen.likes,
        boosts: !seen.boosts,
        comments: !seen.comments,
        counts: !seen.counts,
      },
    },
  };
}
