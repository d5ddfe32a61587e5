import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FetchError } from '#base/platform/fetch.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const unzip = promisify(gunzip);

/** Bytes of a body that is only a word to a status. */
const CUT = 16_384;

/**
 * Reads the body of an answer that was asked for with `decompress: false`: what comes over the wire
 * and what it unpacks to are both at most `maxBytes` (T43), else `too_large`. With `cut` more than
 * that is left out instead. Gzip is the one encoding that is asked for; another is `wrong_type`.
 */
export async function readBody(
  response: Response,
  { maxBytes, cut }: { maxBytes: number; cut: boolean },
): Promise<Bytes> {
  const most = cut ? Math.min(maxBytes, CUT) : maxBytes;
  const encoding = (response.headers.get('content-encoding') ?? '').trim().toLowerCase();
  const isPacked = encoding !== '' && encoding !== 'identity';
  if (isPacked && encoding !== 'gzip' && encoding !== 'x-gzip') {
    await cancel(response);
    if (cut) return new Uint8Array();
    throw new FetchError('wrong_type', `The answer is packed in a way nobody asked for.`);
  }
  const wire = await collect(response, most, cut);
  return isPacked && wire.length > 0 ? await unpack(wire, most, cut) : wire;
}

/** Lets an answer go that nobody reads, with its connection. */
export async function cancel(response: Response): Promise<void> {
  try {
    await response.body?.cancel();
  } catch {
    // It ended by itself.
  }
}

async function collect(response: Response, most: number, cut: boolean): Promise<Bytes> {
  const length = response.headers.get('content-length');
  if (length !== null && /^[0-9]{1,15}$/.test(length)) {
    if (Number(length) <= most) return new Uint8Array(await response.arrayBuffer());
    if (!cut) {
      await cancel(response);
      throw tooLarge();
    }
  }
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (reader !== undefined && size <= most) {
    const { done, value } = await reader.read();
    if (done) return join(chunks, size);
    chunks.push(value);
    size += value.length;
  }
  await reader?.cancel().catch(() => undefined);
  if (!cut && size > most) throw tooLarge();
  return join(chunks, size).slice(0, most);
}

function join(chunks: readonly Uint8Array[], size: number): Bytes {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function unpack(wire: Bytes, most: number, cut: boolean): Promise<Bytes> {
  try {
    return new Uint8Array(await unzip(wire, { maxOutputLength: most }));
  } catch (cause) {
    if (cut) return new Uint8Array();
    const isBomb =
      cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isBomb ? tooLarge() : new FetchError('wrong_type', 'The answer is garbled.', { cause });
  }
}

function tooLarge(): FetchError {
  return new FetchError('too_large', 'The answer is larger than it may be.');
}
