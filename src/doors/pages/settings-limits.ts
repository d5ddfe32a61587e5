import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { licences } from '#domain/posts/licences.ts';
import { postLimits } from '#domain/posts/limits.ts';
import { readSetting } from '#domain/settings.ts';
import type { ComposeLimits } from '#doors/entities/page-types.ts';

/**
 * What file pickers show, by type and, where systems know no type, by ending. Named one by one: for
 * `image/*` an iPhone hands over a JPEG made for the purpose instead of its HEIC.
 */
const ACCEPT = [
  ...['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'],
  ...['image/heic', 'image/heif', '.heic', '.heif'],
].join(',');

/** What the settings offer as defaults of a new post, with the person's own choices. */
export function settingsLimits(ctx: Context, accountId: number): ComposeLimits {
  const preferences = readPreferences(ctx.db, accountId);
  const family = readSetting(ctx, 'mode') === 'family';
  const everybody = family ? 'Everybody in the circle' : 'Everybody, also without an account';
  return {
    maxPhotos: postLimits.photos,
    maxCaption: postLimits.caption,
    maxAltText: postLimits.altText,
    maxFileBytes: ctx.config.uploadMaxSize,
    accept: ACCEPT,
    requireAltText: readSetting(ctx, 'posts.require_alt_text') || preferences.requireAltText,
    visibilities: [
      { value: 'public', label: 'Public', hint: everybody },
      { value: 'unlisted', label: 'Unlisted', hint: 'Everybody, but in no public list' },
      { value: 'followers', label: 'Followers', hint: 'People who follow you' },
      { value: 'self', label: 'Only me', hint: 'Nobody else' },
    ],
    licences: licences.map(({ key, title }) => ({ value: key, label: title })),
    defaultVisibility: preferences.defaultVisibility,
    defaultLicence: preferences.defaultLicence,
  };
}
