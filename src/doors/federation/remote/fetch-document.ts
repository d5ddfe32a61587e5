import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import { perValue } from '#base/core/per-value.ts';
import { createSingleFlight } from '#base/core/single-flight.ts';
import { FetchError } from '#base/platform/fetch.ts';
import { passGate } from '#doors/federation/inbound/gate.ts';
import { parseActivity } from '#doors/federation/inbound/parse-activity.ts';
import { ACTIVITY_ACCEPT, ACTIVITY_TYPES, isActivityType } from './activity-types.ts';
import { DocumentError } from './document-error.ts';
import { createFailureMemory } from './failure-memory.ts';
import { readAddress, signedGet } from './signed-get.ts';

/** A document and the address that vouches for it: its own id if it has one. */
export type RemoteDocument = { url: string; document: JsonObject };

const MAX_BYTES = 1024 * 1024;
const desks = perValue((ctx: Context) => ({
  failures: createFailureMemory(ctx.now),
  share: createSingleFlight<RemoteDocument>(),
}));

/**
 * Reads an ActivityPub document of another server: signed by the instance actor, at most 1 MiB and 10
 * seconds, of the exact type (T31), three redirects, and only with an id that lives where it was found
 * (T33, T34). Who asks while it is on the way shares the answer; what failed is not tried again for
 * minutes unless `fresh`. Throws `DocumentError`.
 */
export function fetchDocument(
  ctx: Context,
  address: string,
  options: { fresh?: boolean } = {},
): Promise<RemoteDocument> {
  const url = readAddress(address);
  if (url === null) {
    return Promise.reject(new DocumentError('invalid', 'The address is no http address.'));
  }
  url.hash = '';
  const { failures, share } = desks(ctx);
  const known = options.fresh ? null : failures.get(url.href);
  if (known !== null) return Promise.reject(known);
  return share(url.href, async () => {
    try {
      const answer = await read(ctx, url.href);
      failures.delete(url.href);
      return answer;
    } catch (error) {
      if (error instanceof DocumentError && !wasHeldBack(error)) failures.set(url.href, error);
      throw error;
    }
  });
}

/** Nobody was asked, since we ask that host too much already: that says nothing of the address. */
function wasHeldBack({ cause }: DocumentError): boolean {
  return cause instanceof FetchError && cause.failure === 'too_many';
}

async function read(ctx: Context, asked: string): Promise<RemoteDocument> {
  const first = await get(ctx, asked);
  const claimed = readId(first.document);
  if (claimed === null || isVouchedFor(claimed, asked, first.url)) {
    return { url: claimed ?? first.url, document: first.document };
  }
  // The document says that it lives elsewhere: only that place can tell.
  const second = await get(ctx, claimed);
  if (readId(second.document) !== claimed || !isVouchedFor(claimed, claimed, second.url)) {
    throw new DocumentError('invalid', `${asked} has an id that does not lead to it.`);
  }
  return { url: claimed, document: second.document };
}

/** True if a document of that id may come from there: its own address, at the end of redirects within one origin. */
function isVouchedFor(id: string, asked: string, found: string): boolean {
  if (new URL(id).origin !== new URL(found).origin) return false;
  return id === asked || id === withoutHash(found);
}

/** True if an id and the address of a document are the same, however they are written; the part behind # does not count. */
export function isSameAddress(id: string, url: string): boolean {
  return URL.canParse(id) && withoutHash(id) === withoutHash(url);
}

function readId(document: JsonObject): string | null {
  const id = document.id ?? document['@id'];
  if (id === undefined || id === null) return null;
  const url = typeof id === 'string' ? readAddress(id) : null;
  if (url === null)
    throw new DocumentError('invalid', 'The document has an id that is no address.');
  return withoutHash(url.href);
}

function withoutHash(address: string): string {
  const url = new URL(address);
  url.hash = '';
  return url.href;
}

async function get(ctx: Context, url: string): Promise<RemoteDocument> {
  const answer = await signedGet(ctx, {
    url,
    accept: ACTIVITY_ACCEPT,
    types: ACTIVITY_TYPES,
    maxBytes: MAX_BYTES,
  });
  if (!isActivityType(answer.headers.get('content-type'))) {
    throw new DocumentError('invalid', `${url} is not served as an ActivityPub document.`);
  }
  return { url: answer.url, document: parseObject(answer.body) };
}

/** The same gate as for what is sent to us: nesting, numbers of values, JSON-LD that would mean something else. */
function parseObject(body: Uint8Array): JsonObject {
  try {
    passGate(body);
    return parseActivity(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new DocumentError('invalid', 'The document cannot be read.', { cause });
  }
}
