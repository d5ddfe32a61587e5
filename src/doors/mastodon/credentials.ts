import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { changeAvatar, removeAvatar } from '#domain/accounts/avatar.ts';
import { savePreferences } from '#domain/accounts/preferences.ts';
import { changeProfile } from '#domain/accounts/profile.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { emitLive } from '#domain/emit-live.ts';
import { credentialAccountJson } from '#doors/entities/credential-account.ts';
import { profileJson } from '#doors/entities/profile.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import type { Input } from '#doors/http/brackets.ts';
import { demandCsrf, demandCsrfField, hasCsrfHeader } from '#doors/http/csrf.ts';
import { notFound } from '#doors/http/errors.ts';
import type { UploadedFile } from '#doors/http/upload-form.ts';
import { receiveUpload } from '#doors/http/uploads.ts';
import { readCredentials } from './credentials-input.ts';

/**
 * The own account: read it, change it (docs.joinmastodon.org/methods/accounts and /profile). Apps
 * change it by PATCH or POST, with everything in the query, a form, JSON, or multipart with a picture.
 */
export const credentials = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.credentials' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/accounts/verify_credentials',
      ({ request, viewer }) => own(ctx, request, viewer),
      {
        signedIn: ['profile', 'read:accounts'],
        parse: 'none',
      },
    )
    .patch('/api/v1/accounts/update_credentials', update(ctx, own), upload())
    .post('/api/v1/accounts/update_credentials', update(ctx, own), upload())
    .get('/api/v1/profile', ({ request, viewer }) => ownProfile(ctx, request, viewer), {
      signedIn: ['profile', 'read:accounts'],
      parse: 'none',
    })
    .patch('/api/v1/profile', update(ctx, ownProfile), upload())
    .delete('/api/v1/profile/avatar', withoutAvatar(ctx), writes())
    .delete('/api/v1.1/accounts/avatar', withoutAvatar(ctx), writes())
    .delete('/api/pixelfed/v1/accounts/avatar', withoutAvatar(ctx), writes())
    // Nobody here has one.
    .delete('/api/v1/profile/header', ({ request, viewer }) => own(ctx, request, viewer), writes());

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const writes = () => ({ signedIn: 'write:accounts', parse: 'none' }) as const;
const upload = () =>
  ({ signedIn: { scope: 'write:accounts', csrf: 'later' }, parse: 'none' }) as const;

type Asked = { request: Request; viewer: Viewer };
type Show = (ctx: Context, request: Request, viewer: Viewer) => Response;

const own: Show = (ctx, request, viewer) => {
  const row = findAccount(ctx.db, viewer.id);
  if (!row) throw notFound(request);
  return Response.json(credentialAccountJson(ctx, row));
};

const ownProfile: Show = (ctx, request, viewer) => {
  const row = findAccount(ctx.db, viewer.id);
  if (!row) throw notFound(request);
  return Response.json(profileJson(ctx, row));
};

const withoutAvatar =
  (ctx: Context) =>
  ({ request, viewer }: Asked) => {
    removeAvatar(ctx, viewer.id);
    return own(ctx, request, viewer);
  };

type Received = { fields: Input; files: readonly UploadedFile[]; cleanup: () => Promise<void> };

const update =
  (ctx: Context, show: Show) =>
  async ({ request, viewer, caller }: Asked & { caller: SignedInCaller }): Promise<Response> => {
    const received = await receive(ctx, request, caller);
    try {
      const { profile, preferences } = readCredentials(received.fields);
      const picture = received.files.find((file) => file.bytes > 0);
      if (picture?.field === 'header') {
        throw new AppError('invalid', 'Validation failed: header: there are no headers here');
      }
      // Words first: a picture may still be refused, and then only the picture is missing.
      if (Object.keys(profile).length > 0) changeProfile(ctx, viewer, profile);
      if (Object.keys(preferences).length > 0) {
        savePreferences(ctx.db, viewer.id, preferences);
        emitLive(ctx, 'account.changed', { accountId: viewer.id });
      }
      if (picture) await changeAvatar(ctx, viewer.id, picture.path);
      return show(ctx, request, viewer);
    } finally {
      await received.cleanup();
    }
  };

/** A form with a picture is a stream; everything else is small. Both show the form's token, where a cookie speaks. */
async function receive(ctx: Context, request: Request, caller: SignedInCaller): Promise<Received> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) {
    await demandCsrf(ctx, request, caller, 'now');
    return { fields: await readBody(request), files: [], cleanup: async () => undefined };
  }
  const received = await receiveUpload(ctx, request, {
    accountId: caller.viewer.id,
    fileFields: ['avatar', 'header'],
    keepOriginal: false,
  });
  try {
    if (!hasCsrfHeader(request, caller)) demandCsrfField(caller, received.fields.csrf);
    return received;
  } catch (error) {
    await received.cleanup();
    throw error;
  }
}
