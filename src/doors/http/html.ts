import type { Context } from '#base/context.ts';
import { renderPage } from '#doors/render/page.tsx';
import type { PageContent } from '#doors/render/page-content.ts';
import { type Caller, readCaller } from './caller.ts';
import { matchesEtag } from './etag.ts';
import { createShell } from './shell.ts';

export type HtmlOptions = {
  /**
   * `private` (the default): never kept by anybody. `public`: the same for every stranger; they may
   * keep it, but ask again with its ETag each time. Only honoured for callers without a viewer.
   */
  cache?: 'private' | 'public';
  headers?: Record<string, string>;
};

/** An HTML answer; the security headers are added by the door. */
export function htmlResponse(status: number, html: string, options: HtmlOptions = {}): Response {
  const headers: Record<string, string> = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': options.cache === 'public' ? 'public, no-cache' : 'private, no-store',
    ...options.headers,
  };
  if (options.cache === 'public') headers.etag = `W/"${Bun.hash(html).toString(36)}"`;
  return new Response(html, { status, headers });
}

/** Draws a page for whoever asks; with `cache: 'public'` strangers get an ETag or a 304. */
export async function showPage(
  ctx: Context,
  request: Request,
  content: PageContent,
  options: HtmlOptions & { status?: number; caller?: Caller } = {},
): Promise<Response> {
  const caller = options.caller ?? (await readCaller(ctx, request));
  const shell = createShell(ctx, caller, request);
  const open = caller.viewer === null && !shell.instance.closed && shell.notice === null;
  const cache = options.cache === 'public' && open ? 'public' : 'private';
  const html = renderPage(shell, content);
  const response = htmlResponse(options.status ?? 200, html, { ...options, cache });
  const etag = response.headers.get('etag');
  if (etag !== null && matchesEtag(request.headers.get('if-none-match'), etag)) {
    return new Response(null, {
      status: 304,
      headers: { etag, 'cache-control': 'public, no-cache' },
    });
  }
  return response;
}
