import { AppError } from '#base/core/errors.ts';

/**
 * Reads the text fields of a small multipart body that is in memory already; files in it are passed
 * over (uploads are streamed by their own reader). Bun's parser takes 0.4 ms for a thousand parts,
 * where a streaming one written in JavaScript would hold the server up. Throws `bad_request`.
 */
export async function parseMultipart(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<[string, string][]> {
  const body = new Response(bytes, { headers: { 'content-type': contentType } });
  let form: Awaited<ReturnType<typeof body.formData>>;
  try {
    form = await body.formData();
  } catch (cause) {
    throw new AppError('bad_request', 'The form could not be read.', { cause });
  }
  const fields: [string, string][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.push([name, value]);
  }
  return fields;
}
