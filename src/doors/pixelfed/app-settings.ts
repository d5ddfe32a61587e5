import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { findAppSettings, saveAppSettings } from '#domain/accounts/app-settings-queries.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { dateTime } from '#doors/entities/dates.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { flagField, parseInput } from '#doors/http/fields.ts';

const flag = (fallback: boolean) => v.optional(flagField(), fallback);

const common = v.object({
  timelines: v.optional(
    v.object({
      show_public: flag(false),
      show_network: flag(false),
      hide_likes_shares: flag(false),
    }),
    {},
  ),
  media: v.optional(
    v.object({
      hide_public_behind_cw: flag(true),
      always_show_cw: flag(false),
      show_alt_text: flag(false),
    }),
    {},
  ),
  appearance: v.optional(
    v.object({
      links_use_in_app_browser: flag(true),
      theme: v.optional(v.picklist(['light', 'dark', 'system'], 'is not known'), 'system'),
    }),
    {},
  ),
});

/** What POST /api/pixelfed/v1/app/settings takes: what the app keeps for its person, and nothing else. */
export const appSettingsSchema = v.object({ common });

/** What the official Pixelfed app keeps on the server for its person, and what Pixelix asks of the web pages. */
export const appSettings = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pixelfed.app-settings' })
    .use(authPlugin(ctx))
    .get('/api/pixelfed/v1/app/settings', ({ viewer }) => show(ctx, viewer), {
      signedIn: 'read:accounts',
      parse: 'none',
    })
    .post(
      '/api/pixelfed/v1/app/settings',
      async ({ request, viewer }) => {
        const said = parseInput(appSettingsSchema, await readBody(request));
        const text = JSON.stringify(said.common);
        saveAppSettings(ctx.db, { accountId: viewer.id, common: text, now: ctx.now() });
        return show(ctx, viewer);
      },
      { signedIn: 'write:accounts', parse: 'none' },
    )
    .get(
      '/api/pixelfed/v1/web/settings',
      ({ viewer }) => {
        const { requireAltText, theme } = readPreferences(ctx.db, viewer.id);
        return Response.json({ media_descriptions: requireAltText, theme });
      },
      { signedIn: 'read:accounts', parse: 'none' },
    );

function show(ctx: Context, viewer: Viewer): Response {
  const kept = findAppSettings(ctx.db, viewer.id);
  return Response.json({
    id: String(viewer.id),
    username: viewer.username,
    updated_at: kept === null ? null : dateTime(kept.updatedAt),
    common: kept === null ? v.parse(common, {}) : JSON.parse(kept.common),
  });
}
