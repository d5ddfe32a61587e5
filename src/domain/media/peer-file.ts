import type { MediaView, RenditionView } from './reading.ts';

/** What every server takes; anything else would cost a whole post its photos (Pixelfed, F1). */
const TAKEN = new Set(['image/jpeg', 'image/png', 'image/gif']);

/** The file of a photo that other servers get: its large rendition, or the JPEG made for those that cannot show it. */
export function fileForPeers(view: MediaView): RenditionView | null {
  const large = view.renditions.find(({ name }) => name === 'large');
  if (large && TAKEN.has(large.mime)) return large;
  return view.renditions.find(({ name, mime }) => name === 'peer' && TAKEN.has(mime)) ?? null;
}
