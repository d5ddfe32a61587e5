import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { postLimits } from '#domain/posts/limits.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { schedulePost } from '#domain/posts/schedule.ts';
import { readMeter } from '#domain/storage/meter.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { demandCsrfField, hasCsrfHeader } from '#doors/http/csrf.ts';
import { freshForm, redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { type ReceivedUpload, receiveUpload } from '#doors/http/uploads.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { readMovedTo } from './moved-to.ts';
import { readPostForm } from './post-form.ts';
import { readMoment } from './read-moment.ts';
import { settingsLimits } from './settings-limits.ts';
import { type TakenPhotos, takePhotos } from './take-photos.ts';

/**
 * `/compose`: the form of a new post; with a script the island takes over and speaks the client API.
 * Without one the photos come along in the form. When one of them is not taken, nothing is published
 * yet: the form comes back with all that was typed and keeps the photos that arrived.
 */
export const compose = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.compose' })
    .use(authPlugin(ctx))
    .get(
      '/compose',
      ({ request, caller }) =>
        showPage(ctx, request, composePage(ctx, caller, freshForm()), { caller }),
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .post('/compose', ({ request, caller }) => answerForm(ctx, request, caller), {
      signedIn: { scope: 'write:statuses', csrf: 'later' },
      parse: 'none',
    });

async function answerForm(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
): Promise<Response> {
  const { id } = caller.viewer;
  const { keepOriginals } = readPreferences(ctx.db, id);
  let upload: ReceivedUpload;
  try {
    upload = await receiveUpload(ctx, request, {
      accountId: id,
      fileFields: ['photos'],
      maxFiles: postLimits.photos,
      keepOriginal: keepOriginals,
    });
  } catch (error) {
    return await showAgain(ctx, request, caller, error, {});
  }
  try {
    if (!hasCsrfHeader(request, caller)) demandCsrfField(caller, upload.fields.csrf);
    return await publishForm(ctx, request, caller, upload, keepOriginals);
  } finally {
    await upload.cleanup();
  }
}

async function publishForm(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  upload: ReceivedUpload,
  keepOriginals: boolean,
): Promise<Response> {
  const photos = await takePhotos(ctx, caller.viewer.id, upload, keepOriginals);
  try {
    refuseProblems(photos);
    const { mediaIds } = photos;
    const input = { ...readPostForm(upload.fields), mediaIds };
    const later = readMoment(ctx, upload.fields.scheduled_at);
    if (later !== null) {
      schedulePost(ctx, caller.viewer, input, later);
      const told = 'Your post waits for its time.';
      return redirectTo(ctx, request, '/scheduled', { kind: 'done', text: told });
    }
    const post = publishPost(ctx, caller.viewer, input);
    const text = 'Your post is published.';
    const path = `/@${caller.viewer.username}/${post.id}`;
    return redirectTo(ctx, request, path, { kind: 'done', text });
  } catch (error) {
    const values = typedValues(upload.fields);
    for (const [at, alt] of photos.alts.entries()) values[`alt_${at + 1}`] = alt;
    values.media_ids = photos.mediaIds.join(',');
    return await showAgain(ctx, request, caller, error, values);
  }
}

/** One sentence for all files that were not taken; the status is that of the first. */
function refuseProblems(photos: TakenPhotos): void {
  const [first] = photos.problems;
  if (first) {
    const sentence = photos.problems.map((problem) => problem.sentence).join(' ');
    throw new AppError(first.error.kind, sentence, {
      cause: first.error,
      fields: { photos: sentence },
    });
  }
  if (photos.mediaIds.length > 0) return;
  const sentence = 'Choose at least one photo.';
  throw new AppError('invalid', sentence, { fields: { photos: sentence } });
}

function showAgain(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  error: unknown,
  values: Record<string, string>,
): Promise<Response> {
  return showFormAgain(ctx, request, error, values, (form) => composePage(ctx, caller, form));
}

function composePage(ctx: Context, caller: SignedInCaller, form: FormState): PageContent {
  const { id } = caller.viewer;
  const row = findAccount(ctx.db, id);
  const props = {
    limits: settingsLimits(ctx, id),
    storage: readMeter(ctx, id),
    form,
    movedTo: row ? readMovedTo(ctx, caller.viewer, row) : null,
  };
  return { page: 'compose', title: 'New post', props };
}
