import { Busboy } from '@fastify/busboy';
import { AppError } from '#base/core/errors.ts';

const LIMITS = {
  fieldNameSize: 200,
  fields: 1000,
  files: 50,
  parts: 1000,
  headerPairs: 20,
  headerSize: 8192,
};

/**
 * Reads the text fields of a small multipart body; files in it are passed over (uploads have their
 * own reader). Throws `bad_request` for a broken body and for too many parts.
 */
export function parseMultipart(
  bytes: Uint8Array,
  contentType: string,
): Promise<[string, string][]> {
  const { promise, resolve, reject } = Promise.withResolvers<[string, string][]>();
  const fail = (cause: unknown) =>
    reject(new AppError('bad_request', 'The form could not be read.', { cause }));
  const tooMuch = () => reject(new AppError('bad_request', 'The form has too many fields.'));
  const fields: [string, string][] = [];
  try {
    const parser = new Busboy({
      headers: { 'content-type': contentType },
      limits: { ...LIMITS, fieldSize: bytes.byteLength + 1 },
    });
    parser.on('field', (name, value, nameTruncated) => {
      if (nameTruncated) tooMuch();
      else fields.push([name, value]);
    });
    parser.on('file', (_name, stream) => stream.resume());
    parser.on('partsLimit', tooMuch);
    parser.on('fieldsLimit', tooMuch);
    parser.on('filesLimit', tooMuch);
    parser.on('error', fail);
    parser.on('finish', () => resolve(fields));
    parser.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    fail(cause);
  }
  return promise;
}
