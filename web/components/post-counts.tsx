import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { elsewhere as words } from '#web/text/federation.ts';
import { posts } from '#web/text/posts.ts';
import { Icon } from './icon.tsx';

/** Comments, likes and boosts: quiet numbers, and none where there is nothing to count. */
export function PostCounts({
  post,
  comments = false,
  linked = false,
}: {
  post: StatusJson;
  comments?: boolean;
  /** Lead to the people behind the numbers. */
  linked?: boolean;
}) {
  const { favourites_count: likes, reblogs_count: boosts } = post;
  const { hides } = post.tintype;
  if (!comments && likes === 0 && boosts === 0) return null;
  const path = postPath(post);
  return (
    <p class="facts number">
      {comments && !hides?.comments && (
        <a class="fact quiet" href={`${path}#comments`}>
          <Icon name="comment" small />
          {hides?.counts ? posts.comments : posts.commentCount(post.replies_count)}
        </a>
      )}
      {likes > 0 && (
        <Count icon="like" text={words.likes(likes)} to={linked ? `${path}/likes` : null} />
      )}
      {boosts > 0 && (
        <Count icon="boost" text={words.boosts(boosts)} to={linked ? `${path}/boosts` : null} />
      )}
    </p>
  );
}

function Count({ icon, text, to }: { icon: 'like' | 'boost'; text: string; to: string | null }) {
  if (to !== null) {
    return (
      <a class="fact quiet" href={to}>
        {text}
      </a>
    );
  }
  return (
    <span class="fact">
      <Icon name={icon} small />
      {text}
    </span>
  );
}
