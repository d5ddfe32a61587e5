import type { ViewerPage as Props } from '#doors/entities/page-types.ts';
import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import { displayName, postPath, shownPhotoPath } from '#web/client/address.ts';
import { Html } from '#web/components/html.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Blur, photoSize } from '#web/components/photo.tsx';
import { fallbackAlt } from '#web/components/photo-link.tsx';
import { posts as words } from '#web/text/posts.ts';

function Steps({ props }: { props: Props }) {
  const { post, index, covered } = props;
  const photo = post.media_attachments[index - 1];
  return (
    <nav class="viewer-bar" aria-label={words.viewer}>
      <a class="viewer-button" href={postPath(post)} title={words.close}>
        <Icon name="close" />
        <span class="unseen">{words.backToPost}</span>
      </a>
      <span class="viewer-count number">{words.photoOf(index, post.media_attachments.length)}</span>
      {!covered && photo?.tintype.download_url && (
        <a class="viewer-button" href={photo.tintype.download_url} download="">
          <Icon name="download" />
          <span class="unseen">{words.download}</span>
        </a>
      )}
    </nav>
  );
}

function Full({ props, photo }: { props: Props; photo: MediaAttachmentJson }) {
  const { post, index } = props;
  const { width, height } = photoSize(photo);
  return (
    <>
      {photo.url && (
        <img
          class="viewer-photo"
          src={photo.url}
          width={width}
          height={height}
          alt={photo.description?.trim() || fallbackAlt(post, index)}
        />
      )}
      {index > 1 && (
        <a class="viewer-button viewer-back" href={shownPhotoPath(post, index - 1)} rel="prev">
          <Icon name="left" />
          <span class="unseen">{words.previous}</span>
        </a>
      )}
      {index < post.media_attachments.length && (
        <a class="viewer-button viewer-on" href={shownPhotoPath(post, index + 1)} rel="next">
          <Icon name="right" />
          <span class="unseen">{words.next}</span>
        </a>
      )}
    </>
  );
}

/** The content warning, before anything of the photo is sent. */
function Cover({ props, photo }: { props: Props; photo: MediaAttachmentJson }) {
  const { post, index } = props;
  return (
    <div class="viewer-cover">
      <Blur photo={photo} fit="fill" />
      <div class="cover-words">
        <p>
          <span class="unseen">{`${words.warning}: `}</span>
          {post.spoiler_text || words.sensitive}
        </p>
        <a class="cover-act" href={shownPhotoPath(post, index)}>
          {words.show}
        </a>
      </div>
    </div>
  );
}

/** `/@name/ID/photo/N`: one photo on black, whole window, without a script. */
export function ViewerPage({ props }: { props: Props }) {
  const { post, index, covered } = props;
  const photo = post.media_attachments[index - 1];
  if (!photo) return null;
  return (
    <main class="viewer viewer-page" id="main" data-post={post.id}>
      <h1 class="unseen">{`${displayName(post.account)}, ${words.photoOf(index, post.media_attachments.length)}`}</h1>
      <Steps props={props} />
      <div class="viewer-stage">
        {covered ? <Cover props={props} photo={photo} /> : <Full props={props} photo={photo} />}
      </div>
      <div class="viewer-words">
        <p>
          <a href={postPath(post)}>{displayName(post.account)}</a>
        </p>
        <Html className="caption" html={post.content} />
      </div>
    </main>
  );
}
