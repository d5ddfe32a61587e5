import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { showSettings } from './settings-view.ts';

/** `/settings/storage`: how much room the photos take, and the posts that are put away. */
export const settingsStorage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-storage' })
    .use(authPlugin(ctx))
    .get(
      '/settings/storage',
      ({ request, caller }) => showSettings(ctx, request, caller, 'storage'),
      { signedIn: 'read:accounts', parse: 'none' },
    );
