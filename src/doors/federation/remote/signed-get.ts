import type { Context } from '#base/context.ts';
import { type FetchAnswer, FetchError, type FetchFailure } from '#base/platform/fetch.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { signRequest } from '#doors/federation/signatures/sign.ts';
import { DocumentError, type DocumentFailure } from './document-error.ts';
import { findScheme, rememberScheme, type Scheme } from './host-queries.ts';

/** Milliseconds for a document with all its redirects (T44). */
const DEADLINE = 10_000;
const REDIRECTS = 3;

const FAILURES: Record<FetchFailure, DocumentFailure> = {
  bad_url: 'invalid',
  refused_address: 'invalid',
  wrong_type: 'invalid',
  bad_redirect: 'invalid',
  too_large: 'invalid',
  no_such_host: 'unreachable',
  unreachable: 'unreachable',
  timeout: 'unreachable',
  too_many: 'unreachable',
};

export type SignedGet = {
  url: string;
  accept: string;
  /** Media types that count; all if left out. */
  types?: readonly string[];
  maxBytes: number;
};

/**
 * GET that the instance actor signs, hop by hop, since many servers answer nobody else. Our own host
 * and servers that the policy refuses are never asked, not as the target of a redirect either.
 * Answers with status 200 alone; throws `DocumentError`.
 */
export async function signedGet(ctx: Context, request: SignedGet): Promise<FetchAnswer> {
  const url = readAddress(request.url);
  if (url === null) throw new DocumentError('invalid', 'The address is no http address.');
  requireOpen(ctx, url);
  const scheme = findScheme(ctx.db, url.host) ?? 'cavage';
  let answer = await knock(ctx, request, scheme);
  // Who does not know one way of signing may know the other, and is asked in that way from then on.
  if (answer.status === 401) {
    const other: Scheme = scheme === 'cavage' ? 'rfc9421' : 'cavage';
    answer = await knock(ctx, request, other);
    if (answer.status === 200) rememberScheme(ctx.db, url.host, other);
  }
  // Fedify, Pixelfed and old Mastodon know draft-cavage without the query alone.
  if (answer.status === 401 && url.search !== '')
    answer = await knock(ctx, request, 'cavage', true);
  if (answer.status !== 200) throw statusError(answer);
  requireOpen(ctx, new URL(answer.url));
  return answer;
}

async function knock(
  ctx: Context,
  request: SignedGet,
  scheme: Scheme,
  withoutQuery = false,
): Promise<FetchAnswer> {
  try {
    return await ctx.fetch({
      url: request.url,
      headers: async (url) => {
        requireOpen(ctx, url);
        const { accept } = request;
        const how = { accountId: 0, method: 'GET', url, accept, scheme, withoutQuery } as const;
        return await signRequest(ctx, how);
      },
      maxBytes: request.maxBytes,
      deadline: DEADLINE,
      redirects: REDIRECTS,
      ...(request.types ? { types: request.types } : {}),
    });
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    throw new DocumentError(FAILURES[error.failure], error.message, { cause: error });
  }
}

/** An address that may be asked for: http or https, without a name and password in it; null for others. */
export function readAddress(text: string): URL | null {
  if (text.length > 2048) return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return url.username === '' && url.password === '' ? url : null;
}

/** Throws `DocumentError` (`refused`) for our own address and for servers that the policy keeps out. */
export function requireOpen(ctx: Context, url: URL): void {
  if (url.host === new URL(originOf(ctx.config)).host) {
    throw new DocumentError('refused', 'The address is our own.');
  }
  if (policyOf(ctx, url.host) === 'blocked') {
    throw new DocumentError('refused', `Nothing is asked of ${url.host}.`);
  }
}

function statusError({ status, url }: FetchAnswer): DocumentError {
  const message = `${url} answered ${status}.`;
  if (status === 404 || status === 410) return new DocumentError('gone', message, { status });
  if (status === 401 || status === 403) return new DocumentError('refused', message, { status });
  const later = status === 408 || status === 429 || status >= 500;
  return new DocumentError(later ? 'unreachable' : 'invalid', message, { status });
}
