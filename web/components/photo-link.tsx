import type { MediaAttachmentJson, StatusJson } from '#doors/entities/types.ts';
import { displayName, shownPhotoPath } from '#web/client/address.ts';
import { posts as words } from '#web/text/posts.ts';
import { Photo, photoSize } from './photo.tsx';

/** What is said where a photo has no description. */
export function fallbackAlt(post: StatusJson, index: number): string {
  return words.noAlt(displayName(post.account), index, post.media_attachments.length);
}

/**
 * A photo that leads to its full-size page; with a script the viewer opens over this page instead
 * and reads what it needs from the `data-` attributes.
 */
export function PhotoLink({
  post,
  photo,
  index,
  sizes,
  fit,
  eager,
}: {
  post: StatusJson;
  photo: MediaAttachmentJson;
  /** 1 for the first. */
  index: number;
  sizes: string;
  fit: 'whole' | 'fill' | 'inside';
  eager: boolean;
}) {
  const { width, height } = photoSize(photo);
  return (
    <a
      class="photo-link"
      href={shownPhotoPath(post, index)}
      data-photo={photo.url ?? undefined}
      data-width={width}
      data-height={height}
      data-download={photo.tintype.download_url ?? undefined}
    >
      <Photo
        photo={photo}
        fallbackAlt={fallbackAlt(post, index)}
        sizes={sizes}
        fit={fit}
        eager={eager}
      />
    </a>
  );
}
