import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { profileLimits } from '#domain/accounts/profile.ts';
import { readRegistration } from '#domain/closing.ts';
import { isFederating } from '#domain/federate.ts';
import { ownHost } from '#domain/own-address.ts';
import { postLimits } from '#domain/posts/limits.ts';
import { readSetting } from '#domain/settings.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { instanceLimits } from '#doors/entities/instance-limits.ts';
import { authPlugin } from '#doors/http/auth.ts';

/** `/api/v2/config`: the limits of this place in Pixelfed's words; sizes in kilobytes. */
export const configApi = (ctx: Context): AnyElysia => {
  const show = () => Response.json(configJson(ctx));
  return new Elysia({ name: 'pixelfed.config' })
    .use(authPlugin(ctx))
    .get('/api/v2/config', show, { caller: true, parse: 'none' })
    .get('/api/pixelfed/v2/config', show, { caller: true, parse: 'none' });
};

function configJson(ctx: Context) {
  const { media_attachments: media } = instanceLimits(ctx);
  const kilobytes = Math.floor(ctx.config.uploadMaxSize / 1000);
  const federating = isFederating(ctx);
  return {
    version: buildInfo.version,
    open_registration: readRegistration(ctx) === 'open',
    uploader: {
      max_photo_size: kilobytes,
      max_caption_length: postLimits.caption,
      max_altext_length: postLimits.altText,
      album_limit: postLimits.photos,
      max_collection_length: 0,
      optimize_image: true,
      optimize_video: false,
      media_types: media.supported_mime_types.join(','),
      mime_types: media.supported_mime_types,
      enforce_account_limit: readSetting(ctx, 'quota.account') > 0,
    },
    activitypub: { enabled: federating, remote_follow: federating },
    site: {
      name: readSetting(ctx, 'instance.name'),
      domain: ownHost(ctx.config),
      url: addresses(ctx.config).origin,
      description: readSetting(ctx, 'instance.description'),
    },
    account: {
      max_avatar_size: kilobytes,
      max_bio_length: profileLimits.bio,
      max_name_length: profileLimits.displayName,
      min_password_length: 10,
      max_account_size: Math.floor(readSetting(ctx, 'quota.account') / 1000),
    },
    features: {
      timelines: { local: true, network: federating },
      mobile_apis: true,
      mobile_registration: false,
      stories: false,
      video: false,
      collections: false,
      import: { instagram: false, mastodon: false, pixelfed: false },
      groups: false,
      label: { covid: { enabled: false } },
    },
  };
}
