import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import {
  cancelImport,
  pauseImport,
  startImport,
  undoImport,
} from '#doors/archive/import-change.ts';
import { listKinds } from '#doors/archive/import-item.ts';
import type { ImportRow } from '#doors/archive/import-queries.ts';
import { readProgress, reportCsv } from '#doors/archive/import-report.ts';
import {
  adoptFile,
  appendUpload,
  beginUpload,
  largestArchive,
  readOwnImport,
  uploadedBytes,
} from '#doors/archive/import-upload.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { demandCsrfField, hasCsrfHeader } from '#doors/http/csrf.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { readBytes } from '#doors/http/read-bytes.ts';
import { readUploadForm } from '#doors/http/upload-form.ts';
import { takeSlot } from '#doors/http/upload-slots.ts';
import { choicesOf, showImport, showImportAgain } from './import-view.ts';
import { demandSession } from './session-only.ts';

const HERE = '/settings/import';
/** Bytes of one piece of a file that comes in pieces, and how long it may take. */
const PIECE = 8_000_000;
const PIECE_DEADLINE = 120_000;
const PACE = { everyMs: 30_000, leastBytes: 16_384, deadlineMs: 12 * 3_600_000 };

const beginSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(1_000)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  list: v.optional(v.string(), ''),
});

type Asked = { request: Request; params: { id: string }; caller: SignedInCaller };
// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const person = () => ({ signedIn: true, parse: 'none' }) as const;

/** `/settings/import`: brings archives in, in one go or in pieces, and tells what became of them. */
export const settingsImport = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-import' })
    .use(authPlugin(ctx))
    .get(
      HERE,
      ({ request, caller }) => {
        demandSession(caller);
        return showImport(ctx, request, caller, null);
      },
      person(),
    )
    .post(HERE, ({ request, caller }) => takeForm(ctx, request, caller), {
      signedIn: { csrf: 'later' },
      parse: 'none',
    })
    .post(
      `${HERE}/begin`,
      async ({ request, caller }) => {
        demandSession(caller);
        const read = v.safeParse(beginSchema, await readBody(request));
        if (!read.success) throw new AppError('invalid', 'Say the name and the size of the file.');
        const { name: fileName, bytes, list } = read.output;
        const options = { list: readList(list) };
        const row = await beginUpload(ctx, caller.viewer, { fileName, bytes, options });
        return Response.json({ id: String(row.id), offset: 0, piece: PIECE });
      },
      person(),
    )
    .put(`${HERE}/:id/bytes`, (asked: Asked) => takePiece(ctx, asked), person())
    .get(`${HERE}/:id/state`, (asked: Asked) => answerState(ctx, asked), person())
    .get(`${HERE}/:id/report.csv`, (asked: Asked) => answerCsv(ctx, asked), person())
    .get(
      `${HERE}/:id`,
      ({ request, params, caller }: Asked) =>
        showImport(ctx, request, caller, ownImport(ctx, request, params, caller)),
      person(),
    )
    .post(`${HERE}/:id/start`, (asked: Asked) => start(ctx, asked), person())
    .post(
      `${HERE}/:id/pause`,
      (asked: Asked) => change(ctx, asked, 'It rests. Go on whenever you like.', pauseImport),
      person(),
    )
    .post(
      `${HERE}/:id/cancel`,
      (asked: Asked) => change(ctx, asked, 'Cancelled. What is in stays.', cancelImport),
      person(),
    )
    .post(
      `${HERE}/:id/undo`,
      (asked: Asked) => change(ctx, asked, 'What it brought is being taken away.', undoImport),
      person(),
    );

/** The viewer's own import; somebody else's is not there (T97). */
function ownImport(
  ctx: Context,
  request: Request,
  params: { id: string },
  caller: SignedInCaller,
): ImportRow {
  demandSession(caller);
  const id = parseId(params.id);
  if (id === null) throw notFound(request);
  return readOwnImport(ctx, caller.viewer, id);
}

/** A piece is in memory while it is written, so no more than two come at once; others wait, unread. */
async function takePiece(ctx: Context, { request, params, caller }: Asked): Promise<Response> {
  const row = ownImport(ctx, request, params, caller);
  const offset = Number(readQuery(request).offset);
  const release = await takeSlot(ctx, caller.viewer.id, request.signal);
  try {
    const bytes = await readBytes(request, PIECE, PIECE_DEADLINE);
    const now = await appendUpload(ctx, caller.viewer, row.id, offset, bytes);
    return Response.json({ offset: now });
  } finally {
    release();
  }
}

/** A file as a form: everything that comes without a script. It goes to the disk as it comes. */
async function takeForm(ctx: Context, request: Request, caller: SignedInCaller): Promise<Response> {
  demandSession(caller);
  try {
    const most = largestArchive(ctx, caller.viewer.id);
    if (Number(request.headers.get('content-length') ?? 0) > most) {
      throw new AppError('too_large', `An archive can have ${formatBytes(most)} at most.`);
    }
    const release = await takeSlot(ctx, caller.viewer.id, request.signal);
    try {
      const row = await receive(ctx, request, caller, most);
      return redirectTo(ctx, request, `${HERE}/${row.id}`);
    } finally {
      release();
    }
  } catch (error) {
    return await showImportAgain(ctx, request, caller, null, error);
  }
}

async function receive(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  most: number,
): Promise<ImportRow> {
  const limits = { maxFiles: 1, maxFileBytes: most, maxBodyBytes: most, refuseFiles: null };
  const parts = await readUploadForm(ctx, request, {
    ...{ ...limits, fileFields: ['archive'], pace: PACE },
  });
  const fields = Object.fromEntries(parts.pairs);
  const [file] = parts.files;
  try {
    if (!hasCsrfHeader(request, caller)) demandCsrfField(caller, fields.csrf);
    if (file === undefined) throw new AppError('invalid', 'Choose a file first.');
    return await adoptFile(ctx, caller.viewer, file.path, {
      ...{ fileName: 'archive', ours: true, queue: true },
      options: { list: readList(fields.list) },
    });
  } finally {
    if (file !== undefined)
      await Bun.file(file.path)
        .delete()
        .catch(() => undefined);
  }
}

function readList(text: unknown) {
  return listKinds.find((kind) => kind === text) ?? null;
}

async function start(ctx: Context, { request, params, caller }: Asked): Promise<Response> {
  const row = ownImport(ctx, request, params, caller);
  const body = await readBody(request);
  try {
    startImport(ctx, caller.viewer, row.id, choicesOf(body, row));
    return redirectTo(ctx, request, `${HERE}/${row.id}`);
  } catch (error) {
    return await showImportAgain(ctx, request, caller, row, error);
  }
}

async function change(
  ctx: Context,
  { request, params, caller }: Asked,
  text: string,
  act: (ctx: Context, viewer: SignedInCaller['viewer'], id: number) => Promise<void> | void,
): Promise<Response> {
  const row = ownImport(ctx, request, params, caller);
  try {
    await act(ctx, caller.viewer, row.id);
    return redirectTo(ctx, request, `${HERE}/${row.id}`, { kind: 'done', text });
  } catch (error) {
    return await showImportAgain(ctx, request, caller, row, error);
  }
}

async function answerState(ctx: Context, { request, params, caller }: Asked): Promise<Response> {
  const row = ownImport(ctx, request, params, caller);
  const { state, bytes, fileName } = row;
  const facts = { id: params.id, state, ...readProgress(ctx, row), bytes, fileName };
  return Response.json(
    { ...facts, offset: await uploadedBytes(ctx, row) },
    { headers: { 'cache-control': 'private, no-store' } },
  );
}

function answerCsv(ctx: Context, { request, params, caller }: Asked): Response {
  const row = ownImport(ctx, request, params, caller);
  const lines = reportCsv(ctx, row);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="import-${row.id}.csv"`,
      'cache-control': 'private, no-store',
    },
  });
}
