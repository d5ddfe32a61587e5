import type { Context } from '#base/context.ts';
import type { MediaView } from '#domain/media/reading.ts';
import { remoteMediaPath } from '#domain/media/remote-address.ts';
import { addresses } from './addresses.ts';
import { licenceJson } from './licence.ts';
import { fitSize, orientation, sizeJson } from './sizes.ts';
import type { MediaAttachmentJson } from './types.ts';

/** The longest sides of our copies. */
const SIDES = { small: 480, large: 2048 } as const;

/** A photo that lies on another server, at the addresses of our copies, which are made when somebody looks. */
export function remotePhotoJson(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  view: MediaView,
  setting: { licence?: string; sensitive?: boolean },
): MediaAttachmentJson {
  const { origin } = addresses(ctx.config);
  const at = (variant: 'small' | 'large') =>
    `${origin}${remoteMediaPath(ctx, 'photo', view.id, variant)}`;
  const isKnown = view.width > 0 && view.height > 0;
  const sizes = { small: fitSize(view, SIDES.small), large: fitSize(view, SIDES.large) };
  return {
    id: String(view.id),
    type: /^(?:image\/|$)/.test(view.sourceMime) ? 'image' : 'unknown',
    url: at('large'),
    preview_url: at('small'),
    remote_url: view.remoteUrl,
    preview_remote_url: null,
    text_url: null,
    description: view.description === '' ? null : view.description,
    blurhash: view.blurhash === '' ? null : view.blurhash,
    meta: isKnown
      ? {
          original: sizeJson(sizes.large),
          small: sizeJson(sizes.small),
          focus: { x: view.focusX, y: view.focusY },
        }
      : null,
    optimized_url: null,
    license: licenceJson(setting.licence ?? 'all-rights-reserved'),
    filter_name: null,
    filter_class: null,
    mime: 'image/webp',
    is_nsfw: setting.sensitive ?? false,
    orientation: isKnown ? orientation(view) : null,
    tintype: {
      renditions: isKnown
        ? (['small', 'large'] as const).map((name) => ({
            url: at(name),
            ...sizes[name],
            mime: 'image/webp',
          }))
        : [],
      animated: false,
      download_url: null,
      camera: [],
      edits: { rotate: 0, crop: null },
    },
  };
}
