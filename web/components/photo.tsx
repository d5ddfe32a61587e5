import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import { blurhashPicture } from '#web/client/blurhash.ts';
import { posts as words } from '#web/text/posts.ts';

/** `whole` keeps the shape of the photo, `fill` crops it to its cell, `inside` fits it into its cell. */
type Fit = 'whole' | 'fill' | 'inside';

type PhotoProps = {
  photo: MediaAttachmentJson;
  /** Spoken where the author has not described the photo. */
  fallbackAlt: string;
  /** How wide it is drawn, for `srcset`. */
  sizes: string;
  fit: Fit;
  /** The first photo of a page loads at once. */
  eager?: boolean;
};

/** Size of the photo as drawn: of the large rendition, else as the server tells it. */
export function photoSize(photo: MediaAttachmentJson): { width: number; height: number } {
  const largest = photo.tintype.renditions.at(-1);
  if (largest) return { width: largest.width, height: largest.height };
  const original = photo.meta?.original;
  return original && original.width > 0
    ? { width: original.width, height: original.height }
    : { width: 1200, height: 1200 };
}

/** The blurred colours of a photo that has not arrived; drawn by the server, needs no script. */
export function Blur({ photo, fit }: { photo: MediaAttachmentJson; fit: Fit }) {
  const picture = blurhashPicture(photo.blurhash);
  if (picture === null) return null;
  const { width, height } = photoSize(photo);
  return (
    <svg
      class="photo-blur"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={fit === 'fill' ? 'xMidYMid slice' : 'xMidYMid meet'}
      aria-hidden="true"
    >
      <image href={picture} width={width} height={height} preserveAspectRatio="none" />
    </svg>
  );
}

/** One photo with its sizes, description and blurred colours; never moves the page when it arrives. */
export function Photo({ photo, fallbackAlt, sizes, fit, eager = false }: PhotoProps) {
  if (photo.url === null) return <span class="photo photo-waiting">{words.waiting}</span>;
  const { width, height } = photoSize(photo);
  const { renditions } = photo.tintype;
  const middle = renditions.find((one) => one.width >= 1000) ?? renditions.at(-1);
  return (
    <span class={`photo photo-${fit}`}>
      <Blur photo={photo} fit={fit} />
      <img
        class="photo-image"
        src={middle?.url ?? photo.url}
        srcset={
          renditions.length > 1
            ? renditions.map((one) => `${one.url} ${one.width}w`).join(', ')
            : undefined
        }
        sizes={renditions.length > 1 ? sizes : undefined}
        width={width}
        height={height}
        alt={photo.description?.trim() || fallbackAlt}
        loading={eager ? 'eager' : 'lazy'}
        fetchpriority={eager ? 'high' : undefined}
        decoding="async"
      />
    </span>
  );
}
