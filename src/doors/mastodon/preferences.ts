import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { apiVisibility } from '#doors/entities/visibility.ts';
import { authPlugin } from '#doors/http/auth.ts';

/** What apps should start a new post with (docs.joinmastodon.org/entities/Preferences). */
export const preferences = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.preferences' }).use(authPlugin(ctx)).get(
    '/api/v1/preferences',
    ({ viewer }) => {
      const chosen = readPreferences(ctx.db, viewer.id);
      return Response.json({
        'posting:default:visibility': apiVisibility(chosen.defaultVisibility),
        'posting:default:sensitive': chosen.defaultSensitive,
        'posting:default:language': chosen.defaultLanguage,
        'posting:default:quote_policy': 'nobody',
        'reading:expand:media': 'default',
        'reading:expand:spoilers': false,
        'reading:autoplay:gifs': false,
      });
    },
    { signedIn: 'read:accounts', parse: 'none' },
  );
