import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { changeAvatar, removeAvatar } from '#domain/accounts/avatar.ts';
import { readPreferences, savePreferences } from '#domain/accounts/preferences.ts';
import { changeProfile, readFields } from '#domain/accounts/profile.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { demandCsrfField, hasCsrfHeader } from '#doors/http/csrf.ts';
import { redirectTo, seeOther } from '#doors/http/forms.ts';
import type { UploadedFile } from '#doors/http/upload-form.ts';
import { receiveUpload } from '#doors/http/uploads.ts';
import { formSwitch, formText } from './form-fields.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

const LINES = [1, 2, 3, 4] as const;

const schema = v.object({
  display_name: formText(),
  note: formText(),
  website: formText(),
  location: formText(),
  pronouns: formText(),
  locked: formSwitch(),
  noindex: formSwitch(),
  hide_collections: formSwitch(),
  avatar_remove: formSwitch(),
  shape: v.fallback(v.picklist(['square', 'natural']), 'square'),
  theme: v.fallback(v.picklist(['auto', 'light', 'dark']), 'auto'),
});

type Body = Readonly<Record<string, unknown>>;
type Received = {
  fields: Body;
  file: UploadedFile | null;
  /** Why a picture was left out although the words were taken. */
  left: AppError | null;
  cleanup: () => Promise<void>;
};

/** Bytes; a form with all words filled in is smaller, one with a picture nearly always larger. */
const SURELY_A_PICTURE = 12_000;
/** Bytes that are read at most when the picture in them is not wanted. */
const PASSED_OVER = 1_000_000;

/** `/settings/profile`: who a person is and how the pages look; POST as multipart with a picture, or as a plain form. */
export const settingsProfile = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-profile' })
    .use(authPlugin(ctx))
    .get('/settings', () => seeOther('/settings/profile'), {
      signedIn: 'read:accounts',
      parse: 'none',
    })
    .get(
      '/settings/profile',
      ({ request, caller }) =>
        showSettings(ctx, request, caller, 'profile', profileValues(ctx, caller.viewer.id)),
      { signedIn: 'read:accounts', parse: 'none' },
    )
    .post(
      '/settings/profile',
      async ({ request, caller }) => {
        let received = nothing;
        try {
          received = await receive(ctx, request, caller);
          if (!hasCsrfHeader(request, caller)) demandCsrfField(caller, received.fields.csrf);
          await save(ctx, caller, received);
          const { left } = received;
          return redirectTo(
            ctx,
            request,
            '/settings/profile',
            left === null
              ? { kind: 'done', text: 'Your profile is saved.' }
              : {
                  kind: 'problem',
                  text: `Your words are saved, the picture is not. ${left.message}`,
                },
          );
        } catch (error) {
          const stored = profileValues(ctx, caller.viewer.id);
          const typed = Object.keys(received.fields).length === 0 ? stored : received.fields;
          return await showSettingsAgain(ctx, request, caller, 'profile', error, typed);
        } finally {
          await received.cleanup();
        }
      },
      { signedIn: { scope: 'write:accounts', csrf: 'later' }, parse: 'none' },
    );

const nothing: Received = { fields: {}, file: null, left: null, cleanup: async () => undefined };

async function receive(
  ctx: Context,
  request: Request,
  { viewer }: SignedInCaller,
): Promise<Received> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) {
    return { ...nothing, fields: await readBody(request) };
  }
  try {
    const options = { accountId: viewer.id, fileFields: ['avatar'], keepOriginal: false };
    const { fields, files, cleanup } = await receiveUpload(ctx, request, options);
    return { fields, file: files[0] ?? null, left: null, cleanup };
  } catch (error) {
    const full = error instanceof AppError && error.kind === 'out_of_space';
    const bytes = Number(request.headers.get('content-length') ?? 0);
    // A full disk refuses pictures, not words; nothing of the body has been read at this point.
    if (!full || request.bodyUsed || bytes > PASSED_OVER) throw error;
    const left = bytes > SURELY_A_PICTURE ? error : null;
    return { ...nothing, fields: await readBody(request), left };
  }
}

async function save(ctx: Context, caller: SignedInCaller, received: Received): Promise<void> {
  const { viewer } = caller;
  const form = v.parse(schema, received.fields);
  const line = (name: string) => v.parse(formText(), received.fields[name]);
  changeProfile(ctx, viewer, {
    displayName: form.display_name,
    bio: form.note,
    website: form.website,
    location: form.location,
    pronouns: form.pronouns,
    fields: LINES.map((n) => ({ name: line(`field_name_${n}`), value: line(`field_value_${n}`) })),
    locked: form.locked,
    noindex: form.noindex,
    hideCollections: form.hide_collections,
  });
  savePreferences(ctx.db, viewer.id, { profileShape: form.shape, theme: form.theme });
  if (received.file) await changeAvatar(ctx, viewer.id, received.file.path);
  else if (form.avatar_remove) removeAvatar(ctx, viewer.id);
}

function profileValues(ctx: Context, accountId: number): Record<string, string> {
  const row = findAccount(ctx.db, accountId);
  if (!row) return {};
  const preferences = readPreferences(ctx.db, accountId);
  const values: Record<string, string> = {
    display_name: row.displayName,
    note: row.bio,
    website: row.website,
    location: row.location,
    pronouns: row.pronouns,
    shape: preferences.profileShape,
    theme: preferences.theme,
    locked: row.locked === 0 ? '' : '1',
    noindex: row.noindex === 0 ? '' : '1',
    hide_collections: row.hideCollections === 0 ? '' : '1',
  };
  for (const [index, field] of readFields(row).entries()) {
    values[`field_name_${index + 1}`] = field.name;
    values[`field_value_${index + 1}`] = field.value;
  }
  return values;
}
