import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { isActivityType } from './activity-types.ts';
import { DocumentError } from './document-error.ts';
import { type Handle, originOfDomain, parseHandle, sameHandle } from './handles.ts';
import { readAddress, signedGet } from './signed-get.ts';

/** Who a server says that a handle is: the name it is really called by, and the actor's id. */
export type Finger = { handle: Handle; uri: string };

const MAX_BYTES = 64 * 1024;

const Jrd = v.object({
  subject: v.string(),
  links: v.array(
    v.looseObject({
      rel: v.optional(v.unknown()),
      type: v.optional(v.unknown()),
      href: v.optional(v.unknown()),
    }),
  ),
});

/**
 * Asks a domain who a handle is (WebFinger, RFC 7033). The answer may speak of another handle, when an
 * address is only another name; then that one's own domain has to agree. Throws `DocumentError`.
 */
export async function askWebfinger(ctx: Context, handle: Handle): Promise<Finger> {
  const finger = await ask(ctx, handle);
  if (sameHandle(finger.handle, handle)) return finger;
  const second = await ask(ctx, finger.handle);
  if (!sameHandle(second.handle, finger.handle) || second.uri !== finger.uri) {
    throw new DocumentError('invalid', `${print(handle)} and ${print(finger.handle)} disagree.`);
  }
  return second;
}

/**
 * The handle that an actor has (T36): its own host has to name this very actor, and if it names another
 * domain, that domain has to name it, too. A host without WebFinger has only names of its own.
 * Throws `DocumentError` when somebody contradicts.
 */
export async function confirmHandle(
  ctx: Context,
  actor: { uri: string; username: string },
  heard: Finger | null = null,
): Promise<Handle> {
  const { href: uri, host: domain } = new URL(actor.uri);
  const own: Handle = { username: actor.username, domain };
  if (heard !== null && heard.uri === uri && sameHandle(heard.handle, own)) return own;
  let finger: Finger;
  try {
    finger = await askWebfinger(ctx, own);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    // Pixelfed says 400 of names that it does not know.
    if (error.failure === 'gone' || error.status === 400) return own;
    throw error;
  }
  if (finger.uri !== uri) {
    throw new DocumentError('invalid', `${print(own)} is somebody else than ${actor.uri}.`);
  }
  return sameHandle(finger.handle, own) ? own : finger.handle;
}

async function ask(ctx: Context, handle: Handle): Promise<Finger> {
  const origin = originOfDomain(ctx.config, handle.domain);
  const resource = encodeURIComponent(`acct:${print(handle)}`);
  const answer = await signedGet(ctx, {
    url: `${origin}/.well-known/webfinger?resource=${resource}`,
    accept: 'application/jrd+json, application/json',
    types: ['application/jrd+json', 'application/json'],
    maxBytes: MAX_BYTES,
  });
  return readJrd(answer.body);
}

function readJrd(body: Uint8Array): Finger {
  const jrd = v.safeParse(Jrd, parse(body));
  if (!jrd.success) throw new DocumentError('invalid', 'The WebFinger answer is none.');
  const { subject, links } = jrd.output;
  const handle = /^acct:/i.test(subject) ? parseHandle(subject) : null;
  if (handle === null) throw new DocumentError('invalid', 'The WebFinger answer names nobody.');
  const self = links.find(
    ({ rel, type }) => rel === 'self' && typeof type === 'string' && isActivityType(type),
  );
  const url = typeof self?.href === 'string' ? readAddress(self.href) : null;
  if (url === null) throw new DocumentError('invalid', 'The WebFinger answer leads to no actor.');
  return { handle, uri: url.href };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

function print({ username, domain }: Handle): string {
  return `${username}@${domain}`;
}
