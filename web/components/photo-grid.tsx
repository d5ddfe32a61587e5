import { render } from 'preact-render-to-string';
import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { isCovered } from '#web/client/covered.ts';
import { shapeClass } from '#web/client/shape.ts';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { sifting } from '#web/text/sifting.ts';
import { Icon } from './icon.tsx';
import { Blur, Photo, photoSize } from './photo.tsx';
import { fallbackAlt } from './photo-link.tsx';

function Cell({ post, square, eager }: { post: StatusJson; square: boolean; eager: boolean }) {
  const [photo, ...others] = post.media_attachments;
  const [sifted] = post.filtered;
  if (!photo) {
    const text = sifted ? sifting.covered(sifted.filter.title) : post.content_text;
    return <span class="grid-text">{text ?? words.textPost}</span>;
  }
  const hidden = isCovered(post) || sifted !== undefined;
  const sizes = square
    ? '(min-width: 62rem) 20rem, 33vw'
    : '(min-width: 62rem) 30rem, (min-width: 40rem) 50vw, 60vw';
  return (
    <>
      {hidden ? (
        <span class="photo photo-fill">
          <Blur photo={photo} fit="fill" />
          <span class="grid-cover">
            <span>
              {sifted ? sifting.covered(sifted.filter.title) : post.spoiler_text || words.sensitive}
            </span>
          </span>
        </span>
      ) : (
        <Photo
          photo={photo}
          fallbackAlt={fallbackAlt(post, 1)}
          sizes={sizes}
          fit="fill"
          eager={eager}
        />
      )}
      {post.pinned && (
        <span class="grid-mark grid-pin">
          <Icon name="pin" small />
          <span class="unseen">{elsewhere.pinned}</span>
        </span>
      )}
      {(others.length > 0 || photo.tintype.animated) && (
        <span class="grid-mark">
          <Icon name={others.length > 0 ? 'album' : 'moving'} small />
          <span class="unseen">
            {others.length > 0 ? words.photos(others.length + 1) : words.moving}
          </span>
        </span>
      )}
    </>
  );
}

type Shape = 'square' | 'natural';

function Item({ post, shape, eager }: { post: StatusJson; shape: Shape; eager: boolean }) {
  const photo = post.media_attachments[0];
  const size = photo ? photoSize(photo) : { width: 1, height: 1 };
  const ratio = shape === 'natural' ? shapeClass(size.width / size.height) : '';
  return (
    <li class={`grid-cell ${ratio}`.trim()}>
      <a class="grid-link" href={postPath(post)}>
        <Cell post={post} square={shape === 'square'} eager={eager} />
      </a>
    </li>
  );
}

/** HTML of each post's place in a grid, for as long as somebody holds the post itself. */
const drawn = new WeakMap<StatusJson, Map<string, string>>();

/** The same post looks the same to all: drawing it again was most of the work of a profile. */
function drawOnce(post: StatusJson, shape: Shape, eager: boolean): string {
  const variants = drawn.get(post) ?? new Map<string, string>();
  drawn.set(post, variants);
  const variant = `${shape} ${eager}`;
  const html = variants.get(variant) ?? render(<Item post={post} shape={shape} eager={eager} />);
  variants.set(variant, html);
  return html;
}

/** Photos side by side: three square columns, or rows in which each keeps its shape. */
export function PhotoGrid({ posts, shape }: { posts: readonly StatusJson[]; shape: Shape }) {
  const html = posts.map((post, at) => drawOnce(post, shape, at < 9)).join('');
  return <ol class={`grid grid-${shape}`} dangerouslySetInnerHTML={{ __html: html }} />;
}
