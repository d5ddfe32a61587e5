import type { MediaAttachmentJson, StatusJson } from '#doors/entities/types.ts';
import { isCovered } from '#web/client/covered.ts';
import { nearestShape } from '#web/client/shape.ts';
import { posts as words } from '#web/text/posts.ts';
import { Icon } from './icon.tsx';
import { Blur, photoSize } from './photo.tsx';
import { PhotoLink } from './photo-link.tsx';

type PhotosProps = { post: StatusJson; sizes: string; eager?: boolean };

const ratioOf = (photo: MediaAttachmentJson) => {
  const { width, height } = photoSize(photo);
  return width / height;
};

/** The shape of the strip: that of its first photo, within what suits a phone. */
const stripShape = (photos: MediaAttachmentJson[]) =>
  nearestShape(photos[0] ? ratioOf(photos[0]) : 1, 0.75, 1.7778);

/** A photo of nearly that shape goes to the edges, any other is shown whole. */
const slideFit = (photo: MediaAttachmentJson, shape: number) =>
  Math.abs(ratioOf(photo) / (shape / 100) - 1) < 0.04 ? 'fill' : 'inside';

function Carousel({ post, sizes, eager = false }: PhotosProps) {
  const photos = post.media_attachments;
  const shape = stripShape(photos);
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, and a region each would be too many
    <div
      role="group"
      class={`carousel shape-${shape}`}
      data-carousel
      aria-label={words.photos(photos.length)}
    >
      <ol class="carousel-strip">
        {photos.map((photo, at) => (
          <li class="carousel-slide" key={photo.id}>
            <PhotoLink
              post={post}
              photo={photo}
              index={at + 1}
              sizes={sizes}
              fit={slideFit(photo, shape)}
              eager={eager && at === 0}
            />
          </li>
        ))}
      </ol>
      <span class="carousel-count" aria-hidden="true" data-count>
        {`1 / ${photos.length}`}
      </span>
      <button type="button" class="carousel-step carousel-back" data-step="-1" disabled>
        <Icon name="left" />
        <span class="unseen">{words.previous}</span>
      </button>
      <button type="button" class="carousel-step carousel-on" data-step="1">
        <Icon name="right" />
        <span class="unseen">{words.next}</span>
      </button>
      <div class="carousel-dots" aria-hidden="true">
        {photos.map((photo, at) => (
          <span key={photo.id} class={at === 0 ? 'carousel-dot is-here' : 'carousel-dot'} />
        ))}
      </div>
    </div>
  );
}

function Plain({ post, sizes, eager = false }: PhotosProps) {
  const [only, ...others] = post.media_attachments;
  if (!only) return null;
  if (others.length > 0) return <Carousel post={post} sizes={sizes} eager={eager} />;
  return <PhotoLink post={post} photo={only} index={1} sizes={sizes} fit="whole" eager={eager} />;
}

/** The photos of a post: one in its own shape, several side by side, all behind a warning if there is one. */
export function PostPhotos({ post, sizes, eager = false }: PhotosProps) {
  const first = post.media_attachments[0];
  if (!first) return null;
  if (!isCovered(post)) {
    return <Plain post={post} sizes={sizes} eager={eager} />;
  }
  return (
    <details class="cover">
      <summary>
        <Blur photo={first} fit="fill" />
        <span class="cover-words">
          <span>
            <span class="unseen">{`${words.warning}: `}</span>
            {post.spoiler_text || words.sensitive}
          </span>
          <span class="cover-act cover-show">{words.show}</span>
          <span class="cover-act cover-hide">{words.hide}</span>
        </span>
      </summary>
      <Plain post={post} sizes={sizes} />
    </details>
  );
}
