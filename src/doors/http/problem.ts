import type { Context } from '#base/context.ts';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { escapeHtml } from '#base/core/html.ts';
import { makeRoom } from '#base/db/make-room.ts';
import { toSpaceError } from '#domain/storage/space-error.ts';
import { seeOther } from './forms.ts';
import { showPage } from './html.ts';
import { requestFacts, requestPath, requestQuery } from './request-facts.ts';
import { errorStatuses } from './statuses.ts';
import { isApiPath } from './surface.ts';

/** What to tell about an error: never more than its own sentence. */
type Problem = { status: number; title: string; sentence: string; headers: Record<string, string> };

/**
 * Turns whatever was thrown into an answer: JSON `{"error": sentence}` for programs, a page for
 * people (strangers are led to the sign-in). What was not meant to be thrown is logged with the
 * request's id, and its answer says nothing but that id.
 */
export async function problemResponse(
  ctx: Context,
  request: Request,
  error: unknown,
): Promise<Response> {
  const path = requestPath(request);
  if (isForProgram(request, path)) return jsonProblem(describe(ctx, request, error));
  if (error instanceof AppError && error.kind === 'unauthorized') return toSignIn(request, path);
  const problem = describe(ctx, request, error);
  const { status, title, sentence, headers } = problem;
  try {
    const props = { status, title, sentence };
    return await showPage(ctx, request, { page: 'problem', title, props }, { status, headers });
  } catch (cause) {
    ctx.log.error('The problem page could not be drawn', logged(request, cause));
    return bareProblem(problem);
  }
}

/** Whether the answer is read by a program: by its address, or because it says so. */
export function isForProgram(request: Request, path: string): boolean {
  if (isApiPath(path)) return true;
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('json') && !accept.includes('text/html');
}

function describe(ctx: Context, request: Request, thrown: unknown): Problem {
  const error = toSpaceError(thrown);
  // Freeing space needs some itself: the next try has it.
  if (error !== thrown) makeRoom(ctx.db);
  if (error instanceof AppError) {
    const headers: Record<string, string> = {};
    if (error.kind === 'unauthorized') headers['www-authenticate'] = 'Bearer';
    if (error.retryAfter !== undefined) headers['retry-after'] = String(error.retryAfter);
    // A refusal is the visitor's concern, unless it is the disk that refused.
    const level = asDiskTrouble(error.cause) === null ? 'debug' : 'warn';
    if (error.cause !== undefined) ctx.log[level]('Refused', logged(request, error.cause));
    return { ...errorStatuses[error.kind], sentence: error.message, headers };
  }
  if (isHeaderInjection(request, error)) {
    return { ...errorStatuses.bad_request, sentence: 'This address is broken.', headers: {} };
  }
  ctx.log.error('Unexpected error', logged(request, error));
  const { id } = requestFacts(request);
  const sentence = `Something went wrong here; it is noted in the log as ${id}.`;
  return { status: 500, title: 'Our mistake', sentence, headers: {} };
}

/** Bun refuses a header with a line break in it; if the address brought one, that is its fault (T81). */
function isHeaderInjection(request: Request, error: unknown): boolean {
  return error instanceof TypeError && /%0[ad]/i.test(request.url) && /header/i.test(error.message);
}

function logged(request: Request, error: unknown): Record<string, unknown> {
  const { id, route } = requestFacts(request);
  const known = error instanceof Error;
  const text = known ? `${error.name}: ${error.message}` : String(error);
  return { requestId: id, route, error: text, stack: known ? (error.stack ?? '') : '' };
}

function jsonProblem({ status, sentence, headers }: Problem): Response {
  return Response.json({ error: sentence }, { status, headers });
}

/** The last resort, without shell and styles. */
function bareProblem({ status, title, sentence, headers }: Problem): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p></html>`;
  return new Response(html, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  });
}

/** Leads a stranger to the sign-in page, and back afterwards if the page was only looked at. */
export function toSignIn(request: Request, path: string): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') return seeOther('/sign-in');
  const query = requestQuery(request);
  const next = query === '' ? path : `${path}?${query}`;
  return seeOther(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
}
