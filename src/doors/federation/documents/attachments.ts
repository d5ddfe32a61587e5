import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import type { Preferences } from '#domain/accounts/preferences.ts';
import { fileForPeers } from '#domain/media/peer-file.ts';
import type { MediaView, RenditionView } from '#domain/media/reading.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { exifData } from './camera.ts';

/** Pixels: outside of this Pixelfed drops the whole post (F2). */
const LONGEST = 5000;

/**
 * Photos as attachments of a Note (federation.md §2.1, F1 to F3), always a list. `tokens` has the
 * secret of each photo that not everybody may see; null: everybody may. A photo without a file for
 * others, or without its secret, is left out.
 */
export function attachments(
  ctx: Pick<Context, 'config'>,
  views: readonly MediaView[],
  setting: { preferences: Preferences; tokens: ReadonlyMap<number, string> | null },
): JsonObject[] {
  return views.flatMap((view) => {
    const file = fileForPeers(view);
    const url = file === null ? null : addressOf(ctx, view, file, setting.tokens);
    if (file === null || url === null) return [];
    const camera = exifData(view.camera, setting.preferences);
    return [
      {
        type: 'Image',
        mediaType: file.mime,
        url,
        name: view.description === '' ? null : view.description,
        ...sizeOf(file),
        ...(/^.{6,164}$/.test(view.blurhash) ? { blurhash: view.blurhash } : {}),
        focalPoint: [axis(view.focusX), axis(view.focusY)],
        ...(camera.length > 0 ? { exifData: camera } : {}),
      },
    ];
  });
}

function addressOf(
  ctx: Pick<Context, 'config'>,
  view: MediaView,
  file: RenditionView,
  tokens: ReadonlyMap<number, string> | null,
): string | null {
  const to = addresses(ctx.config);
  if (tokens === null) return to.media(file.blobName);
  const token = tokens.get(view.id);
  const extension = file.blobName.slice(file.blobName.indexOf('.'));
  return token === undefined ? null : `${to.origin}/media/shared/${token}${extension}`;
}

function sizeOf({ width, height }: RenditionView): { width?: number; height?: number } {
  const known = [width, height].every((side) => Number.isInteger(side) && side >= 1);
  return known && Math.max(width, height) <= LONGEST ? { width, height } : {};
}

/** Inside -1 to 1; `+ 0` takes the sign from a zero. */
function axis(value: number): number {
  return Math.min(1, Math.max(-1, value)) + 0;
}
