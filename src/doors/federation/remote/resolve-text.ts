import type { Context } from '#base/context.ts';
import { readAccountByUri } from '#domain/accounts/find-by-uri.ts';
import { type AccountRow, findAccountByHandle } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { noteTypeOf } from '#doors/federation/inbound/read-note.ts';
import { typesOf } from '#doors/federation/inbound/values.ts';
import { ACTIVITY_ACCEPT, ACTIVITY_TYPES, isActivityType } from './activity-types.ts';
import { DocumentError, settleFailure } from './document-error.ts';
import { fetchDocument, type RemoteDocument } from './fetch-document.ts';
import { findAlternate } from './find-alternate.ts';
import { findPostIn } from './found-post.ts';
import { isOwnDomain, parseHandle } from './handles.ts';
import { keepActor } from './keep-actor.ts';
import { resolveActor } from './resolve-actor.ts';
import { resolveHandle } from './resolve-handle.ts';
import { keepWithAncestors } from './resolve-post.ts';
import { readAddress, signedGet } from './signed-get.ts';

export type Resolved = { account: AccountRow } | { post: PostRow };

const MAX_PAGE = 2 * 1024 * 1024;
/** Posts above one that somebody looks for, so that it does not stand alone. */
const DEPTH = 20;

/**
 * What a text in a search box names: `@user@domain`, `user@domain`, `acct:…`, or the address of a
 * person or post, ours or elsewhere, also that of its web page. Null if it names nobody, or nobody that
 * may be spoken with; throws `unavailable` when a server does not answer; who may see what was found is for the caller to ask.
 */
export async function resolveText(ctx: Context, text: string): Promise<Resolved | null> {
  const words = text.trim();
  if (words.length > 2048) return null;
  if (/^https?:\/\//i.test(words)) return await resolveAddress(ctx, words);
  if (parseHandle(words) === null) return null;
  return asResolved(await resolveHandle(ctx, words));
}

/** The same, as far as it is here already: nobody is asked. */
export function findKnownText(ctx: Context, text: string): Resolved | null {
  const words = text.trim();
  if (/^https?:\/\//i.test(words)) return findKnown(ctx, words);
  const handle = parseHandle(words);
  if (handle === null) return null;
  const { username, domain } = handle;
  const own = isOwnDomain(ctx.config, domain);
  return asResolved(findAccountByHandle(ctx.db, username, own ? null : domain));
}

async function resolveAddress(ctx: Context, address: string): Promise<Resolved | null> {
  const url = readAddress(address);
  if (url === null) return null;
  if (url.host === new URL(originOf(ctx.config)).host) return findKnown(ctx, address);
  if (policyOf(ctx, url.host) === 'blocked') return null;
  const known = findKnown(ctx, address);
  if (known !== null) return known;
  try {
    return await read(ctx, await findDocument(ctx, url.href));
  } catch (error) {
    ctx.log.debug('An address led to nothing.', { address, error });
    return settleFailure(error);
  }
}

function findKnown(ctx: Context, address: string): Resolved | null {
  const account = readAccountByUri(ctx, address);
  if (account !== null) return account.suspendedAt === null ? { account } : null;
  const post = readPostByUri(ctx, address);
  return post === null ? null : { post };
}

/** Asks for a document, takes a page as well, and follows the page's one link to its document (T35). */
async function findDocument(ctx: Context, address: string): Promise<RemoteDocument> {
  const answer = await signedGet(ctx, {
    url: address,
    accept: `${ACTIVITY_ACCEPT}, text/html;q=0.1`,
    types: [...ACTIVITY_TYPES, 'text/html', 'application/xhtml+xml'],
    maxBytes: MAX_PAGE,
  });
  // Asked for again, by its rules; an answer that is no page is small and rare enough.
  if (isActivityType(answer.headers.get('content-type'))) return await fetchDocument(ctx, address);
  const alternate = findAlternate(answer.body, answer.url);
  if (alternate === null) throw new DocumentError('invalid', 'The page leads to no document.');
  return await fetchDocument(ctx, alternate);
}

async function read(ctx: Context, found: RemoteDocument): Promise<Resolved | null> {
  const { url, document } = found;
  const known = findKnown(ctx, url);
  if (known !== null) return known;
  if (noteTypeOf(document) !== null || typesOf(document).includes('Create')) {
    const post = await keepWithAncestors(ctx, await findPostIn(ctx, found), DEPTH);
    return post === null ? null : { post };
  }
  // Stored before or not: the document is at hand.
  const account = await keepActor(ctx, found);
  return asResolved(account.uri === url ? account : await resolveActor(ctx, url));
}

function asResolved(account: AccountRow | null): Resolved | null {
  return account === null || account.suspendedAt !== null ? null : { account };
}
