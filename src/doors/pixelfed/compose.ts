import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { findLicence } from '#domain/posts/licences.ts';
import { postLimits } from '#domain/posts/limits.ts';
import { readSetting } from '#domain/settings.ts';
import { instanceLimits } from '#doors/entities/instance-limits.ts';
import { apiVisibility } from '#doors/entities/visibility.ts';
import { authPlugin } from '#doors/http/auth.ts';

/** What Pixelfed's apps ask before they open the form for a new post. */
export const composeApi = (ctx: Context): AnyElysia => {
  let app = new Elysia({ name: 'pixelfed.compose' }).use(authPlugin(ctx)) as AnyElysia;
  for (const start of ['/api/v1.1', '/api/pixelfed/v1']) {
    app = app.use(routesAt(ctx, start));
  }
  return app;
};

const routesAt = (ctx: Context, start: string): AnyElysia =>
  new Elysia({ name: `pixelfed.compose${start}` })
    .use(authPlugin(ctx))
    .get(
      `${start}/compose/settings`,
      ({ viewer }) => Response.json(composeSettings(ctx, viewer.id)),
      { signedIn: 'read:accounts', parse: 'none' },
    )
    // There is no list of places here; a place is words that somebody types.
    .get(`${start}/compose/search/location`, () => Response.json([]), {
      signedIn: 'read:search',
      parse: 'none',
    });

function composeSettings(ctx: Context, accountId: number) {
  const chosen = readPreferences(ctx.db, accountId);
  const limits = instanceLimits(ctx);
  return {
    default_scope: apiVisibility(chosen.defaultVisibility),
    default_license: findLicence(chosen.defaultLicence)?.pixelfedId ?? 1,
    media_descriptions: chosen.requireAltText || readSetting(ctx, 'posts.require_alt_text'),
    max_altext_length: postLimits.altText,
    max_media_attachments: postLimits.photos,
    max_caption_length: postLimits.caption,
    // Pixelfed counts kilobytes.
    max_file_size: Math.floor(ctx.config.uploadMaxSize / 1000),
    allowed_media_types: limits.media_attachments.supported_mime_types,
  };
}
