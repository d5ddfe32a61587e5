import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import {
  type Preferences,
  readPreferences,
  savePreferences,
} from '#domain/accounts/preferences.ts';
import { emitLive } from '#domain/emit-live.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { formSwitch } from './form-fields.ts';
import { showSettings } from './settings-view.ts';

/** Names of the switches in the form, and the preference behind each. */
const SWITCHES = {
  see_likes: 'seeLikes',
  see_boosts: 'seeBoosts',
  see_comments: 'seeComments',
  see_counts: 'seeCounts',
  allow_likes: 'allowLikes',
  allow_boosts: 'allowBoosts',
  allow_comments: 'allowComments',
} as const satisfies Record<string, keyof Preferences>;
const NAMES = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];

/** `/settings/interactions`: what a person sees of reactions, and what others may do on their posts. */
export const settingsInteractions = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-interactions' })
    .use(authPlugin(ctx))
    .get(
      '/settings/interactions',
      ({ request, caller }) => {
        const preferences = readPreferences(ctx.db, caller.viewer.id);
        const values = NAMES.map((name) => [name, preferences[SWITCHES[name]] ? '1' : '']);
        return showSettings(ctx, request, caller, 'interactions', Object.fromEntries(values));
      },
      { signedIn: 'read:accounts', parse: 'none' },
    )
    .post(
      '/settings/interactions',
      async ({ request, caller }) => {
        const body = await readBody(request);
        const changes: Partial<Preferences> = {};
        for (const name of NAMES) changes[SWITCHES[name]] = v.parse(formSwitch(), body[name]);
        savePreferences(ctx.db, caller.viewer.id, changes);
        emitLive(ctx, 'account.changed', { accountId: caller.viewer.id });
        return redirectTo(ctx, request, '/settings/interactions', { kind: 'done', text: 'Saved.' });
      },
      { signedIn: 'write:accounts', parse: 'none' },
    );
