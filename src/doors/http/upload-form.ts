import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { toSpaceError } from '#domain/storage/space-error.ts';
import { writeUpload } from './upload-file.ts';
import { createGuard, type Pace, pumpBody } from './upload-pump.ts';

/** A file of a form in the temp folder. What the client called it is of no interest and not kept. */
export type UploadedFile = {
  field: string;
  /** Its number among the files of the form, from 0. */
  index: number;
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
};

export type UploadLimits = {
  /** Names of the fields that carry files; files elsewhere are passed over. */
  fileFields: readonly string[];
  maxFiles: number;
  /** Bytes of one file, and of the whole body. */
  maxFileBytes: number;
  maxBodyBytes: number;
  /** Why no file is taken at all; the text of the form is read all the same. */
  refuseFiles: AppError | null;
  pace: Pace;
};

export type UploadParts = {
  pairs: [string, string][];
  files: UploadedFile[];
  /** Files that were not taken; only where several may come. */
  refused: { index: number; error: AppError }[];
};

type Upload = {
  ctx: Context;
  limits: UploadLimits;
  parts: UploadParts;
  paths: string[];
  streams: Readable[];
  writing: Promise<void>[];
  fail: (error: unknown) => void;
};

/** A form has a caption, a few choices, and an alt text for each of twenty photos. */
const FORM = { fields: 200, fieldSize: 100_000, fieldNameSize: 200, headerPairs: 20 };
const HEADER_BYTES = 8192;

/**
 * Reads a multipart form as a stream: files go to the temp folder, text into memory, both counted.
 * Throws `too_large`, `bad_request`, `unsupported_type` or `out_of_space`; no file is left then. A
 * single file that is too large ends the upload at once; among several it is only left out.
 */
export async function readUploadForm(
  ctx: Context,
  request: Request,
  limits: UploadLimits,
): Promise<UploadParts> {
  const guard = createGuard();
  const upload: Upload = {
    ctx,
    limits,
    parts: { pairs: [], files: [], refused: [] },
    paths: [],
    streams: [],
    writing: [],
    fail: guard.fail,
  };
  try {
    const parser = openParser(request, upload);
    await pumpBody(request, parser, {
      maxBytes: limits.maxBodyBytes,
      pace: limits.pace,
      guard,
    });
    await guard.wait(Promise.all(upload.writing));
    upload.parts.files.sort((one, other) => one.index - other.index);
    return upload.parts;
  } catch (error) {
    for (const stream of upload.streams) stream.destroy();
    await Promise.allSettled(upload.writing);
    await Promise.allSettled(upload.paths.map((path) => rm(path, { force: true })));
    throw toSpaceError(error);
  }
}

function openParser(request: Request, upload: Upload): BusboyInstance {
  const { limits, parts, fail } = upload;
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new AppError('unsupported_type', 'Send the photo as a multipart form.');
  }
  const tooMany = () => fail(new AppError('bad_request', 'This form has too many parts.'));
  const parser = createParser(type, limits);
  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) fail(new AppError('too_large', 'A text in this form is too long.'));
    else parts.pairs.push([name, value]);
  });
  parser.on('file', (field, stream, filename) => {
    upload.streams.push(stream);
    stream.on('error', fail);
    if (limits.fileFields.includes(field)) takeFile(upload, field, stream, Boolean(filename));
    else stream.resume();
  });
  parser.on('error', (cause) =>
    fail(new AppError('bad_request', 'The upload ended before it was complete.', { cause })),
  );
  parser.on('partsLimit', tooMany);
  parser.on('fieldsLimit', tooMany);
  parser.on('filesLimit', tooMany);
  return parser;
}

function createParser(type: string, limits: UploadLimits): BusboyInstance {
  // One more of each than is taken by honest forms: the parser only tells when a limit is passed.
  const files = limits.maxFiles + 2;
  try {
    return new Busboy({
      headers: { 'content-type': type },
      // A client that names no file still means one where only files are expected.
      isPartAFile: (field, _type, filename) =>
        filename !== undefined || (field !== undefined && limits.fileFields.includes(field)),
      limits: {
        ...FORM,
        headerSize: HEADER_BYTES,
        fileSize: limits.maxFileBytes,
        files,
        parts: FORM.fields + files,
      },
    });
  } catch (cause) {
    throw new AppError('bad_request', 'This form could not be read.', { cause });
  }
}

function takeFile(
  upload: Upload,
  field: string,
  stream: Readable & { truncated?: boolean },
  named: boolean,
): void {
  const { ctx, limits, parts, fail } = upload;
  const path = ctx.files.tempPath();
  const index = upload.paths.push(path) - 1;
  const single = limits.maxFiles === 1;
  if (index >= limits.maxFiles) {
    fail(new AppError('invalid', `A form can carry ${limits.maxFiles} photos at most.`));
  }
  if (single) stream.on('limit', () => fail(fileTooLarge(limits)));
  const work = async () => {
    try {
      const { bytes, sha256 } = await storeFile(upload, stream, path);
      // A browser sends a nameless empty file where none was chosen.
      if (bytes === 0 && !named) await rm(path, { force: true });
      else parts.files.push({ field, index, path, bytes, sha256 });
    } catch (thrown) {
      const error = toSpaceError(thrown);
      if (single || !(error instanceof AppError)) throw error;
      await rm(path, { force: true });
      parts.refused.push({ index, error });
      // The rest of the file is passed over, so that what follows it in the form is read.
      stream.resume();
    }
  };
  upload.writing.push(work().catch(fail));
}

async function storeFile(
  { ctx, limits }: Upload,
  stream: Readable & { truncated?: boolean },
  path: string,
): Promise<{ bytes: number; sha256: string }> {
  if (limits.refuseFiles) throw limits.refuseFiles;
  const stored = await writeUpload(ctx, stream, path);
  if (stream.truncated === true) throw fileTooLarge(limits);
  return stored;
}

function fileTooLarge(limits: UploadLimits): AppError {
  return new AppError(
    'too_large',
    `This photo is too large: a file can have ${formatBytes(limits.maxFileBytes)} at most.`,
  );
}
