import type { PostPage as Props, Shell } from '#doors/entities/page-types.ts';
import { displayName, photoPath } from '#web/client/address.ts';
import { ButtonLink } from '#web/components/button.tsx';
import { Comments } from '#web/components/comments.tsx';
import { Html } from '#web/components/html.tsx';
import { Icon } from '#web/components/icon.tsx';
import { PostFacts } from '#web/components/post-facts.tsx';
import { PostHead } from '#web/components/post-head.tsx';
import { PostMenu } from '#web/components/post-menu.tsx';
import { PostPhotos } from '#web/components/post-photos.tsx';
import { posts as words } from '#web/text/posts.ts';

const sizes = '(min-width: 75rem) calc(100vw - 36rem), (min-width: 52rem) 38rem, 100vw';

/** Camera, description and full-size link of each photo, folded away. */
function Details({ post, originals }: Pick<Props, 'post' | 'originals'>) {
  const photos = post.media_attachments;
  return photos.map((photo, at) => {
    const { camera, download_url: download } = photo.tintype;
    const original = originals[photo.id];
    if (camera.length === 0 && !photo.description && !download && !original) return null;
    return (
      <details class="more" key={photo.id}>
        <summary>{photos.length > 1 ? words.photoOf(at + 1, photos.length) : words.about}</summary>
        <div class="stack">
          {photo.description && <p class="small">{photo.description}</p>}
          {camera.length > 0 && (
            <dl class="camera">
              {camera.map((fact) => (
                <div key={fact.label}>
                  <dt>{fact.label}</dt>
                  <dd class="number small">{fact.value}</dd>
                </div>
              ))}
            </dl>
          )}
          <p class="facts">
            <a class="fact" href={photoPath(post, at + 1)}>
              {words.open}
            </a>
            {download && (
              <a class="fact" href={download} download="">
                <Icon name="download" small />
                {words.download}
              </a>
            )}
            {original && (
              <a class="fact" href={original} download="">
                <Icon name="download" small />
                {words.downloadOwn}
              </a>
            )}
          </p>
        </div>
      </details>
    );
  });
}

function Neighbours({ newerUrl, olderUrl }: Pick<Props, 'newerUrl' | 'olderUrl'>) {
  if (newerUrl === null && olderUrl === null) return null;
  return (
    <nav class="neighbours" aria-label={words.olderPost}>
      {newerUrl ? (
        <ButtonLink href={newerUrl} icon="left" small>
          {words.newerPost}
        </ButtonLink>
      ) : (
        <span />
      )}
      {olderUrl && (
        <ButtonLink href={olderUrl} icon="right" small>
          {words.olderPost}
        </ButtonLink>
      )}
    </nav>
  );
}

/**
 * `/@name/ID`. Forms (each with `csrf`): POST /@name/ID/delete, /archive, /restore, and
 * /comment {caption}; comments are deleted at their own address.
 */
export function PostPage({ shell, props }: { shell: Shell; props: Props }) {
  const { post, own } = props;
  return (
    <>
      <h1 class="unseen">{`${displayName(post.account)}, ${words.photos(post.media_attachments.length)}`}</h1>
      <article class="post post-page" data-post={post.id}>
        <div class="post-photos">
          <PostPhotos post={post} sizes={sizes} eager />
        </div>
        <div class="post-side">
          <PostHead post={post}>
            {own && shell.viewer && <PostMenu post={post} csrf={shell.viewer.csrf} />}
          </PostHead>
          <div class="post-words">
            {post.content !== '' && <Html className="caption" html={post.content} />}
            <PostFacts post={post} />
            <Details post={post} originals={props.originals} />
          </div>
          <Comments shell={shell} props={props} />
          <Neighbours newerUrl={props.newerUrl} olderUrl={props.olderUrl} />
        </div>
      </article>
    </>
  );
}
