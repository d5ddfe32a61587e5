import type { DraftPhoto } from './draft.ts';

/** The server gives every account two upload slots; more would only wait there. */
export const uploadSlots = 2;

/** Keys of the photos whose upload may start now, in their order. */
export function nextUploads(photos: readonly DraftPhoto[], slots = uploadSlots): string[] {
  const busy = photos.filter((photo) => photo.state === 'sending').length;
  return photos
    .filter((photo) => photo.state === 'waiting')
    .slice(0, Math.max(0, slots - busy))
    .map((photo) => photo.key);
}

/** Bytes that are still on their way to the server. */
export function pendingBytes(photos: readonly DraftPhoto[]): number {
  return photos
    .filter((photo) => photo.state === 'waiting' || photo.state === 'sending')
    .reduce((sum, photo) => sum + photo.bytes, 0);
}

export type Obstacle = 'needPhoto' | 'stillUploading' | 'someFailed' | 'altRequired' | 'tooLong';

/** Why a draft cannot be published yet, or null. */
export function publishObstacle(
  photos: readonly DraftPhoto[],
  captionLeft: number,
  requireAlt: boolean,
): Obstacle | null {
  if (photos.length === 0) return 'needPhoto';
  if (photos.some((photo) => photo.state === 'failed')) return 'someFailed';
  if (photos.some((photo) => photo.state !== 'ready')) return 'stillUploading';
  if (captionLeft < 0) return 'tooLong';
  if (requireAlt && photos.some((photo) => photo.alt.trim() === '')) return 'altRequired';
  return null;
}
