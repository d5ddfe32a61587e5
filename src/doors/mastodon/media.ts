import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { transaction } from '#base/db/transaction.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { addMedia } from '#domain/media/add.ts';
import { describeMedia } from '#domain/media/describe.ts';
import { findOwnMedia, type MediaView } from '#domain/media/reading.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { keepAltText } from '#domain/posts/alt-text.ts';
import { listReserved } from '#domain/posts/scheduled-queries.ts';
import { mediaJson } from '#doors/entities/media.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { demandCsrfField, hasCsrfHeader } from '#doors/http/csrf.ts';
import { errorStatuses } from '#doors/http/statuses.ts';
import { receiveUpload } from '#doors/http/uploads.ts';
import { changedEdits, readMediaInput } from './media-input.ts';

/**
 * Photos in and out of an app (docs.joinmastodon.org/methods/media): they are ready when the upload
 * is answered, so both versions say 200 with the final address, and nothing is ever "processing".
 */
export const media = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.media' })
    .use(authPlugin(ctx))
    .post('/api/v2/media', ({ request, caller }) => answerUpload(ctx, request, caller), upload())
    .post('/api/v1/media', ({ request, caller }) => answerUpload(ctx, request, caller), upload())
    .get(
      '/api/v1/media/:id',
      ({ viewer, params }) => answer(ctx, viewer, findMedia(ctx, viewer, params.id)),
      { signedIn: 'write:media' },
    )
    .put(
      '/api/v1/media/:id',
      async ({ request, viewer, params }) => {
        const found = findMedia(ctx, viewer, params.id);
        const { id, edits } = found;
        const input = readMediaInput(await readBody(request));
        keepAltText(ctx, found, input.description);
        const changed = await describeMedia(ctx, viewer.id, id, {
          description: input.description,
          focus: input.focus,
          edits: changedEdits(input, edits),
        });
        return answer(ctx, viewer, changed);
      },
      { signedIn: 'write:media', parse: 'none' },
    )
    .delete(
      '/api/v1/media/:id',
      ({ viewer, params }) => {
        discardMedia(ctx, viewer, params.id);
        return Response.json({});
      },
      { signedIn: 'write:media', parse: 'none' },
    );

/**
 * The body is a stream that the handler reads, and the form's token with it. Fresh for every route:
 * Elysia writes the guards of its own instance into these objects.
 */
const upload = () =>
  ({ signedIn: { scope: 'write:media', csrf: 'later' }, parse: 'none' }) as const;

async function answerUpload(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
): Promise<Response> {
  try {
    return await takeUpload(ctx, request, caller);
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'forbidden') return refuseUpload(error);
    throw error;
  }
}

async function takeUpload(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
): Promise<Response> {
  const { viewer } = caller;
  const { keepOriginals } = readPreferences(ctx.db, viewer.id);
  const received = await receiveUpload(ctx, request, {
    accountId: viewer.id,
    fileFields: ['file'],
    keepOriginal: keepOriginals,
  });
  try {
    if (!hasCsrfHeader(request, caller)) demandCsrfField(caller, received.fields.csrf);
    const [file] = received.files;
    if (!file) throw new AppError('invalid', 'There is no photo in this upload.');
    const { description, focus } = readMediaInput(received.fields);
    const added = await addMedia(ctx, viewer.id, {
      path: file.path,
      bytes: file.bytes,
      sha256: file.sha256,
      keepOriginal: keepOriginals,
      ...(description === undefined ? {} : { description }),
      ...(focus === undefined ? {} : { focus }),
    });
    return answer(ctx, viewer, added);
  } finally {
    await received.cleanup();
  }
}

/** The refusal of an upload in the shapes of both families of apps: Mastodon's `error`, Pixelfed's `errors`. */
function refuseUpload(error: AppError): Response {
  const sentence = error.message;
  const headers = error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) };
  return Response.json(
    { error: sentence, message: sentence, errors: { file: [sentence], ...listed(error) } },
    { status: errorStatuses[error.kind].status, headers },
  );
}

function listed({ fields }: AppError): Record<string, string[]> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, [text]]));
}

function discardMedia(ctx: Context, viewer: Viewer, rawId: string): void {
  transaction(ctx.db, () => {
    const { id, postId } = findMedia(ctx, viewer, rawId);
    if (postId !== null) {
      throw new AppError('invalid', 'This photo is part of a post. Edit or delete the post.');
    }
    if (listReserved(ctx.db, viewer.id, [id]).length > 0) {
      throw new AppError('invalid', 'A post that waits for its time needs this photo.');
    }
    removeMedia(ctx, [id]);
  });
}

function findMedia(ctx: Context, viewer: Viewer, rawId: string): MediaView {
  const id = parseId(rawId);
  const found = id === null ? null : findOwnMedia(ctx.db, viewer.id, id);
  if (!found) throw new AppError('not_found', 'Record not found');
  return found;
}

function answer(ctx: Context, viewer: Viewer, view: MediaView): Response {
  const preferences = readPreferences(ctx.db, viewer.id);
  return Response.json(mediaJson(ctx, [view], { preferences })[0]);
}
