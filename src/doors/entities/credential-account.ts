import type { Context } from '#base/context.ts';
import { type Preferences, readPreferences } from '#domain/accounts/preferences.ts';
import { readFields } from '#domain/accounts/profile.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { countFollowRequests } from '#domain/relationships/queries.ts';
import { type Meter, readMeter } from '#domain/storage/meter.ts';
import { accountsJson } from './account.ts';
import type { CredentialAccountJson } from './types.ts';
import { apiVisibility } from './visibility.ts';

/** The own account, with what only its holder may know. */
export function credentialAccountJson(ctx: Context, row: AccountRow): CredentialAccountJson | null {
  const [account] = accountsJson(ctx, [row]);
  if (!account) return null;
  const preferences = readPreferences(ctx.db, row.id);
  const [badge] = account.roles;
  return {
    ...account,
    source: {
      note: row.bio,
      // Without the website, which has its own name: apps send these lines back as they got them.
      fields: readFields(row),
      privacy: apiVisibility(preferences.defaultVisibility),
      sensitive: preferences.defaultSensitive,
      language: preferences.defaultLanguage,
      follow_requests_count: countFollowRequests(ctx.db, row.id),
      hide_collections: row.hideCollections !== 0,
      discoverable: row.discoverable !== 0,
      indexable: row.indexable !== 0,
      attribution_domains: [],
      quote_policy: 'nobody',
    },
    role: {
      id: badge?.id ?? '-99',
      name: badge?.name ?? '',
      color: '',
      // Bit 0 is Mastodon's "administrator".
      permissions: account.is_admin ? '1' : '0',
      highlighted: account.is_admin,
    },
    settings: pixelfedSettings(row, preferences),
    tintype: { storage: storageJson(readMeter(ctx, row.id)) },
  };
}

function storageJson(meter: Meter): CredentialAccountJson['tintype']['storage'] {
  return {
    used_bytes: meter.usedBytes,
    quota_bytes: meter.quotaBytes,
    originals_bytes: meter.originalsBytes,
    renditions_bytes: meter.renditionsBytes,
  };
}

/** What Pixelfed's app reads in its privacy screen; it dereferences every name. */
function pixelfedSettings(row: AccountRow, preferences: Preferences): Record<string, boolean> {
  return {
    crawlable: row.noindex === 0,
    disable_embeds: true,
    high_contrast_mode: false,
    indexable: row.indexable !== 0,
    is_suggestable: row.discoverable !== 0,
    media_descriptions: preferences.requireAltText,
    public_dm: true,
    reduce_motion: false,
    show_atom: preferences.showFeed,
    show_profile_follower_count: true,
    show_profile_following_count: true,
    video_autoplay: false,
  };
}
