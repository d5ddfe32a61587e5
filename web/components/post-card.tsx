import type { PageViewer } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { displayName, postPath, profilePath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { Html } from './html.tsx';
import { Icon } from './icon.tsx';
import { OthersMenu } from './others-menu.tsx';
import { PostActions } from './post-actions.tsx';
import { PostFacts } from './post-facts.tsx';
import { PostHead } from './post-head.tsx';
import { PostMenu } from './post-menu.tsx';
import { PostPhotos } from './post-photos.tsx';
import { Sifted } from './sifted.tsx';

/** How wide photos are drawn in the column. */
export const columnSizes = '(min-width: 52rem) 38rem, 100vw';

type CardProps = {
  post: StatusJson;
  viewer: PageViewer | null;
  eager?: boolean;
  /** The page that the card stands on. */
  next?: string;
};

/** One post in a list; a boosted one stands below a line that says who boosted it. */
export function PostCard({ post, ...rest }: CardProps) {
  if (post.reblog === null) {
    return (
      <Sifted post={post}>
        <OwnCard post={post} {...rest} />
      </Sifted>
    );
  }
  return (
    <div class="boosted">
      <p class="boost-line small soft">
        <Icon name="boost" small />
        <a href={profilePath(post.account)}>{elsewhere.boosted(displayName(post.account))}</a>
      </p>
      <Sifted post={post}>
        <OwnCard post={post.reblog} {...rest} />
      </Sifted>
    </div>
  );
}

function OwnCard({ post, viewer, eager = false, next }: CardProps) {
  const photos = post.media_attachments.length;
  const own = viewer !== null && viewer.account.id === post.account.id;
  const long = photos > 0 && (post.content_text ?? post.content).length > 600;
  return (
    <article
      class="post"
      data-post={post.id}
      aria-label={`${displayName(post.account)}, ${words.photos(photos)}`}
    >
      <PostHead post={post}>
        {viewer &&
          (own ? (
            <PostMenu post={post} csrf={viewer.csrf} />
          ) : (
            <OthersMenu post={post} csrf={viewer.csrf} />
          ))}
      </PostHead>
      <PostPhotos post={post} sizes={columnSizes} eager={eager} />
      <div class={photos > 0 ? 'post-words' : 'post-words text-post'}>
        {post.content !== '' && (
          <Html className={long ? 'caption caption-long' : 'caption'} html={post.content} />
        )}
        {long && <a href={postPath(post)}>{words.readMore}</a>}
        <PostFacts post={post} />
        <PostActions post={post} viewer={viewer} {...(next ? { next } : {})} />
      </div>
    </article>
  );
}
