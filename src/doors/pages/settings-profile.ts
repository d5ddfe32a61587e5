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
  avatar_remove: formSwitch(),
  shape: v.fallback(v.picklist(['square', 'natural']), 'square'),
  theme: v.fallback(v.picklist(['auto', 'light', 'dark']), 'auto'),
});

type Body = Readonly<Record<string, unknown>>;
type Received = { fields: Body; file: UploadedFile | null; cleanup: () => Promise<void> };

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
        let received: Received = { fields: {}, file: null, cleanup: async () => undefined };
        try {
          received = await receive(ctx, request, caller);
          if (!hasCsrfHeader(request, caller)) demandCsrfField(caller, received.fields.csrf);
          await save(ctx, caller, received);
          const text = 'Your profile is saved.';
          return redirectTo(ctx, request, '/settings/profile', { kind: 'done', text });
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

async function receive(
  ctx: Context,
  request: Request,
  { viewer }: SignedInCaller,
): Promise<Received> {
  const plain = async (): Promise<Received> => ({
    fields: await readBody(request),
    file: null,
    cleanup: async () => undefined,
  });
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) return await plain();
  try {
    const options = { accountId: viewer.id, fileFields: ['avatar'], keepOriginal: false };
    const { fields, files, cleanup } = await receiveUpload(ctx, request, options);
    return { fields, file: files[0] ?? null, cleanup };
  } catch (error) {
    // A full disk refuses pictures, not words; nothing of the body has been read at this point.
    if (error instanceof AppError && error.kind === 'out_of_space' && !request.bodyUsed) {
      return await plain();
    }
    throw error;
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
  };
  for (const [index, field] of readFields(row).entries()) {
    values[`field_name_${index + 1}`] = field.name;
    values[`field_value_${index + 1}`] = field.value;
  }
  return values;
}
