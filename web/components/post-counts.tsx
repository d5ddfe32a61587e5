import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { elsewhere as words } from '#web/text/federation.ts';
import { posts } from '#web/text/posts.ts';
import { Icon } from './icon.tsx';

/** Comments, likes and boosts: quiet numbers, and none where there is nothing to count. */
export function PostCounts({ post, comments = false }: { post: StatusJson; comments?: boolean }) {
  const { favourites_count: likes, reblogs_count: boosts } = post;
  if (!comments && likes === 0 && boosts === 0) return null;
  return (
    <p class="facts number">
      {comments && (
        <a class="fact quiet" href={`${postPath(post)}#comments`}>
          <Icon name="comment" small />
          {posts.commentCount(post.replies_count)}
        </a>
      )}
      {likes > 0 && (
        <span class="fact">
          <Icon name="like" small />
          {words.likes(likes)}
        </span>
      )}
      {boosts > 0 && (
        <span class="fact">
          <Icon name="boost" small />
          {words.boosts(boosts)}
        </span>
      )}
    </p>
  );
}
