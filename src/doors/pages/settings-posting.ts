import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import {
  type Preferences,
  readPreferences,
  savePreferences,
} from '#domain/accounts/preferences.ts';
import { emitLive } from '#domain/emit-live.ts';
import { findLicence } from '#domain/posts/licences.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { formSwitch, formText } from './form-fields.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

/** Names of the switches in the form, and the preference behind each. */
const SWITCHES = {
  require_alt: 'requireAltText',
  keep_originals: 'keepOriginals',
  offer_originals: 'offerOriginals',
  show_camera: 'showCamera',
  show_lens: 'showLens',
  show_focal_length: 'showFocalLength',
  show_aperture: 'showAperture',
  show_exposure: 'showExposure',
  show_iso: 'showIso',
  show_taken_at: 'showTakenAt',
} as const satisfies Record<string, keyof Preferences>;
const NAMES = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];

/** What the client API calls two of them is understood, too. */
const VISIBILITIES: Readonly<Record<string, Preferences['defaultVisibility']>> = {
  public: 'public',
  unlisted: 'unlisted',
  followers: 'followers',
  private: 'followers',
  self: 'self',
  direct: 'self',
};

type Body = Readonly<Record<string, unknown>>;

/** `/settings/posting`: what holds for every new post, and what of a photo others see. */
export const settingsPosting = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-posting' })
    .use(authPlugin(ctx))
    .get(
      '/settings/posting',
      ({ request, caller }) =>
        showSettings(ctx, request, caller, 'posting', postingValues(ctx, caller.viewer.id)),
      { signedIn: 'read:accounts', parse: 'none' },
    )
    .post(
      '/settings/posting',
      async ({ request, caller }) => {
        const body = await readBody(request);
        try {
          savePreferences(ctx.db, caller.viewer.id, readChoices(body));
          emitLive(ctx, 'account.changed', { accountId: caller.viewer.id });
          const text = 'Saved.';
          return redirectTo(ctx, request, '/settings/posting', { kind: 'done', text });
        } catch (error) {
          return await showSettingsAgain(ctx, request, caller, 'posting', error, body);
        }
      },
      { signedIn: 'write:accounts', parse: 'none' },
    );

function readChoices(body: Body): Partial<Preferences> {
  const changes: Partial<Preferences> = {};
  for (const name of NAMES) changes[SWITCHES[name]] = v.parse(formSwitch(), body[name]);
  const typed = v.parse(formText(), body.default_visibility);
  const visibility = Object.hasOwn(VISIBILITIES, typed) ? VISIBILITIES[typed] : undefined;
  const licence = findLicence(v.parse(formText(), body.default_licence));
  const fields: Record<string, string> = {};
  if (visibility === undefined) fields.default_visibility = 'Choose who sees your new posts.';
  if (licence === null) fields.default_licence = 'Choose a licence of the list.';
  const first = Object.values(fields)[0];
  if (first !== undefined || visibility === undefined || licence === null) {
    throw new AppError('invalid', first ?? '', { fields });
  }
  return { ...changes, defaultVisibility: visibility, defaultLicence: licence.key };
}

function postingValues(ctx: Context, accountId: number): Record<string, string> {
  const preferences = readPreferences(ctx.db, accountId);
  const values: Record<string, string> = {
    default_visibility: preferences.defaultVisibility,
    default_licence: preferences.defaultLicence,
  };
  for (const name of NAMES) values[name] = preferences[SWITCHES[name]] ? '1' : '';
  return values;
}
