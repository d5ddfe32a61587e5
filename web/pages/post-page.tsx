import type { PostPage as Props, Shell } from '#doors/entities/page-types.ts';
import { displayName, hostOf, photoPath } from '#web/client/address.ts';
import { ButtonLink } from '#web/components/button.tsx';
import { Comments } from '#web/components/comments.tsx';
import { Deliveries } from '#web/components/deliveries.tsx';
import { Html } from '#web/components/html.tsx';
import { Icon } from '#web/components/icon.tsx';
import { OriginalLink } from '#web/components/original-link.tsx';
import { OthersMenu } from '#web/components/others-menu.tsx';
import { PostActions } from '#web/components/post-actions.tsx';
import { PostCounts } from '#web/components/post-counts.tsx';
import { PostFacts } from '#web/components/post-facts.tsx';
import { PostHead } from '#web/components/post-head.tsx';
import { PostMenu } from '#web/components/post-menu.tsx';
import { PostPhotos } from '#web/components/post-photos.tsx';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';

const sizes = '(min-width: 75rem) calc(100vw - 36rem), (min-width: 52rem) 38rem, 100vw';

/** Description, camera and files of one photo; in an album below its number. */
function PhotoDetails(props: Pick<Props, 'post' | 'originals'> & { at: number }) {
  const { post, originals, at } = props;
  const photos = post.media_attachments;
  const photo = photos[at];
  if (photo === undefined) return null;
  const { camera, download_url: download } = photo.tintype;
  const original = originals[photo.id];
  return (
    <div class="stack">
      {photos.length > 1 && <h2 class="small">{words.photoOf(at + 1, photos.length)}</h2>}
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
  );
}

/** What there is to know of each photo, in one fold so that the comments stay near. */
function Details({ post, originals }: Pick<Props, 'post' | 'originals'>) {
  const photos = post.media_attachments;
  const told = photos.filter(
    (photo) =>
      photo.description ||
      photo.tintype.camera.length > 0 ||
      photo.tintype.download_url ||
      originals[photo.id],
  );
  if (told.length === 0) return null;
  return (
    <details class="more">
      <summary>{photos.length > 1 ? words.aboutAll : words.about}</summary>
      <div class="stack">
        {photos.map((photo, at) => (
          <PhotoDetails key={photo.id} post={post} originals={originals} at={at} />
        ))}
      </div>
    </details>
  );
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
 * /comment {caption}, /pin, /unpin, /deliveries; comments are deleted at their own address.
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
            {shell.viewer && own && <PostMenu post={post} csrf={shell.viewer.csrf} />}
            {shell.viewer && !own && <OthersMenu post={post} csrf={shell.viewer.csrf} />}
          </PostHead>
          <div class="post-words">
            {post.content !== '' && <Html className="caption" html={post.content} />}
            <PostFacts post={post} />
            <PostActions post={post} viewer={shell.viewer} counted />
            {shell.viewer && <PostCounts post={post} linked />}
            {hostOf(post.account) !== null && (
              <p class="facts">
                <OriginalLink post={post} text={elsewhere.originalOn(hostOf(post.account) ?? '')} />
              </p>
            )}
            <Details post={post} originals={props.originals} />
          </div>
          {props.deliveries && shell.viewer && (
            <div class="post-words">
              <Deliveries post={post} rows={props.deliveries} csrf={shell.viewer.csrf} />
            </div>
          )}
          <Comments shell={shell} props={props} />
          <Neighbours newerUrl={props.newerUrl} olderUrl={props.olderUrl} />
        </div>
      </article>
    </>
  );
}
