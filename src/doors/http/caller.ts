import type { Context } from '#base/context.ts';
import { readAppToken } from '#domain/accounts/app-tokens.ts';
import { readSession } from '#domain/accounts/sessions.ts';
import { readToken } from '#domain/accounts/tokens.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readSessionCookie, setSessionCookie } from './cookies.ts';
import { requestFacts } from './request-facts.ts';
import { streamToken } from './upgrade.ts';

/** Who sent a request, and by what it shows that. */
export type Caller = {
  readonly viewer: Viewer | null;
  /** Set if the cookie spoke; `id` is the stored hash. */
  readonly session: { readonly id: string; readonly csrf: string } | null;
  /** Set if a person's Bearer token spoke; `appId` is null for one that was made by hand. */
  readonly token: {
    readonly id: number;
    readonly scopes: readonly string[];
    readonly appId: number | null;
  } | null;
  /** Set if an app spoke for itself, without a person (client credentials). */
  readonly appToken: { readonly appId: number; readonly scopes: readonly string[] } | null;
  /** True if there is an `Authorization: Bearer` (or what stands for it in a stream), good or bad: cookies are ignored then. */
  readonly bearer: boolean;
  readonly address: string;
  readonly secure: boolean;
};

const callers = new WeakMap<Request, Promise<Caller>>();

/** Reads who sent a request, once a request. */
export function readCaller(ctx: Context, request: Request): Promise<Caller> {
  const known = callers.get(request);
  if (known) return known;
  const caller = identify(ctx, request);
  callers.set(request, caller);
  return caller;
}

async function identify(ctx: Context, request: Request): Promise<Caller> {
  const { address, secure } = requestFacts(request);
  const none = { viewer: null, session: null, token: null, appToken: null };
  const nobody = { ...none, bearer: false, address, secure };
  const bearer = bearerOf(request.headers.get('authorization')) ?? streamToken(request);
  if (bearer !== null) {
    const token = readToken(ctx, bearer);
    if (!token) return { ...nobody, bearer: true, appToken: readAppToken(ctx, bearer) };
    const { viewer, tokenId, scopes, appId } = token;
    return { ...nobody, bearer: true, viewer, token: { id: tokenId, scopes, appId } };
  }
  const raw = readSessionCookie(request);
  const session = raw === null ? null : await readSession(ctx, raw);
  if (raw === null || session === null) return nobody;
  if (session.fresh) setSessionCookie(request, raw);
  const { viewer, sessionId, csrf } = session;
  return { ...nobody, viewer, session: { id: sessionId, csrf } };
}

function bearerOf(header: string | null): string | null {
  if (header === null) return null;
  const match = /^Bearer\s+(.*)$/is.exec(header);
  return match ? (match[1] ?? '').trim() : null;
}
