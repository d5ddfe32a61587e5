import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { type MediaView, readMedia } from '#domain/media/reading.ts';
import { readSetting } from '#domain/settings.ts';

/** Refuses photos without a description where the instance or their author requires one; throws `invalid`. */
export function requireAltText(
  ctx: Pick<Context, 'config' | 'db'>,
  accountId: number,
  mediaIds: number[],
): void {
  if (mediaIds.length === 0 || !isRequired(ctx, accountId)) return;
  const missing = readMedia(ctx.db, mediaIds).filter((photo) => photo.description.trim() === '');
  if (missing.length === 0) return;
  throw new AppError(
    'invalid',
    'Describe every photo first, so that people who cannot see it know what is on it.',
    {
      fields: Object.fromEntries(
        missing.map((photo) => [`alt_${photo.id}`, 'Say what is on this photo.']),
      ),
    },
  );
}

/** Refuses to empty the description of a photo of a published post where one is required; throws `invalid`. */
export function keepAltText(
  ctx: Pick<Context, 'config' | 'db'>,
  photo: Pick<MediaView, 'accountId' | 'postId' | 'description'>,
  description: string | undefined,
): void {
  if (description === undefined || description.trim() !== '') return;
  if (photo.postId === null || photo.description.trim() === '') return;
  if (!isRequired(ctx, photo.accountId)) return;
  const sentence = 'This photo is published, so it needs a description. Write another one.';
  throw new AppError('invalid', sentence, { fields: { description: sentence } });
}

function isRequired(ctx: Pick<Context, 'config' | 'db'>, accountId: number): boolean {
  return (
    readSetting(ctx, 'posts.require_alt_text') || readPreferences(ctx.db, accountId).requireAltText
  );
}
