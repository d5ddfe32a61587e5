import type { Config } from '#base/config/config.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { actorId, followersId } from './actor-id.ts';
import { idsOf, PUBLIC } from './ids.ts';
import type { Named } from './queries.ts';

type Addressed = {
  visibility: Visibility;
  /** Family mode: whatever a member chose, nothing is for everybody. */
  closed: boolean;
  author: Named;
  /** Whose followers a followers-only post is for. */
  audience: Named | null;
  mentioned: readonly Named[];
};

/**
 * `to` and `cc` of a post as Mastodon's rules read them: Public in `to` is public, in `cc` unlisted,
 * only followers in `to` is followers-only, only people in `to` is direct (federation.md §2.1).
 */
export function addressPost(config: Config, post: Addressed): { to: string[]; cc: string[] } {
  const people = [...new Set(post.mentioned.map((each) => actorId(config, each)))];
  const own = idsOf(config).followers(post.author.username);
  const open = !post.closed && (post.visibility === 'public' || post.visibility === 'unlisted');
  if (open) {
    return post.visibility === 'public'
      ? { to: [PUBLIC], cc: [own, ...people] }
      : { to: [own], cc: [PUBLIC, ...people] };
  }
  if (post.visibility === 'self') return { to: [actorId(config, post.author)], cc: [] };
  if (post.visibility === 'direct') return { to: people, cc: [] };
  const followers = post.audience === null ? null : followersId(config, post.audience);
  return { to: followers === null ? people : [followers], cc: followers === null ? [] : people };
}
