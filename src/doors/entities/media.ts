import type { Context } from '#base/context.ts';
import { defaultPreferences, type Preferences } from '#domain/accounts/preferences.ts';
import type { MediaView, RenditionView } from '#domain/media/reading.ts';
import { addresses } from './addresses.ts';
import { cameraLines } from './camera.ts';
import { licenceJson } from './licence.ts';
import { remotePhotoJson } from './remote-photo.ts';
import { orientation, sizeJson } from './sizes.ts';
import type { MediaAttachmentJson } from './types.ts';

/** What of a photo's JSON its post and its author decide; the defaults suit a photo without a post. */
export type MediaSetting = {
  preferences?: Preferences;
  licence?: string;
  sensitive?: boolean;
};

/** Photos as outsiders see them, in the order given, those of other servers at our copies; needs no statement of its own. */
export function mediaJson(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  views: readonly MediaView[],
  setting: MediaSetting = {},
): MediaAttachmentJson[] {
  const to = addresses(ctx.config);
  const preferences = setting.preferences ?? defaultPreferences;
  return views.map((view) => {
    if (view.remoteUrl !== null) return remotePhotoJson(ctx, view, setting);
    const shown = view.renditions.filter(({ name }) => name !== 'offered' && name !== 'peer');
    const large = named(shown, 'large') ?? shown.at(-1);
    const small = named(shown, 'small') ?? shown[0];
    const offered = preferences.offerOriginals && view.originalBlob !== null;
    return {
      id: String(view.id),
      type: 'image',
      url: large ? to.media(large.blobName) : null,
      preview_url: small ? to.media(small.blobName) : null,
      remote_url: null,
      preview_remote_url: null,
      text_url: null,
      description: view.description === '' ? null : view.description,
      blurhash: view.blurhash === '' ? null : view.blurhash,
      meta: {
        original: sizeJson(large ?? view),
        small: sizeJson(small ?? view),
        focus: { x: view.focusX, y: view.focusY },
      },
      optimized_url: null,
      license: licenceJson(setting.licence ?? 'all-rights-reserved'),
      filter_name: null,
      filter_class: null,
      mime: large?.mime ?? view.sourceMime,
      is_nsfw: setting.sensitive ?? false,
      orientation: orientation(view),
      tintype: {
        renditions: shown.map((rendition) => ({
          url: to.media(rendition.blobName),
          width: rendition.width,
          height: rendition.height,
          mime: rendition.mime,
        })),
        animated: view.animated,
        download_url: offered ? to.download(view.id) : null,
        camera: cameraLines(view.camera, preferences),
        edits: { rotate: view.edits?.rotate ?? 0, crop: view.edits?.crop ?? null },
      },
    };
  });
}

function named(renditions: RenditionView[], name: string): RenditionView | undefined {
  return renditions.find((rendition) => rendition.name === name);
}
