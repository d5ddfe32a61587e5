import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { licences } from '#domain/posts/licences.ts';
import { postLimits } from '#domain/posts/limits.ts';
import { readSetting } from '#domain/settings.ts';
import type { ComposeLimits } from '#doors/entities/page-types.ts';

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
    accept: 'image/*',
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
