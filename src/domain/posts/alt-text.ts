import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { readMedia } from '#domain/media/reading.ts';
import { readSetting } from '#domain/settings.ts';

/** Refuses photos without a description where the instance requires one; throws `invalid`. */
export function requireAltText(ctx: Pick<Context, 'config' | 'db'>, mediaIds: number[]): void {
  if (mediaIds.length === 0 || !readSetting(ctx, 'posts.require_alt_text')) return;
  const missing = readMedia(ctx.db, mediaIds).filter((photo) => photo.description.trim() === '');
  if (missing.length === 0) return;
  throw new AppError(
    'invalid',
    'Describe every photo first: here people who cannot see a photo get to know what is on it.',
    {
      fields: Object.fromEntries(
        missing.map((photo) => [`alt_${photo.id}`, 'Say what is on this photo.']),
      ),
    },
  );
}
