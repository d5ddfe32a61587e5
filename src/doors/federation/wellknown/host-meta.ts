import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import { isFederating } from '#domain/federate.ts';
import { originOf } from '#domain/origin.ts';
import { notFound } from '#doors/http/errors.ts';

/** Where WebFinger is (RFC 6415), for old programs that ask first: XRD, or JSON for who wants that. */
export const hostMeta = (ctx: Context): AnyElysia => {
  const answer = ({ request }: { request: Request }, json: boolean): Response => {
    if (!isFederating(ctx)) throw notFound(request);
    const template = `${originOf(ctx.config)}/.well-known/webfinger?resource={uri}`;
    return json ? jsonAnswer(template) : xrdAnswer(template);
  };
  return new Elysia({ name: 'federation.host-meta' })
    .get('/.well-known/host-meta', ({ request }) => answer({ request }, wantsJson(request)), {
      parse: 'none',
    })
    .get('/.well-known/host-meta.json', ({ request }) => answer({ request }, true), {
      parse: 'none',
    });
};

function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return /application\/(?:jrd\+)?json/i.test(accept) && !/xrd|xml|html/i.test(accept);
}

function jsonAnswer(template: string): Response {
  const links = [{ rel: 'lrdd', type: 'application/jrd+json', template }];
  return new Response(JSON.stringify({ links }), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      vary: 'Accept, Cookie, Authorization',
    },
  });
}

function xrdAnswer(template: string): Response {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" type="application/jrd+json" template="${escapeHtml(template)}"/>
</XRD>
`;
  return new Response(text, {
    headers: {
      'content-type': 'application/xrd+xml; charset=utf-8',
      vary: 'Accept, Cookie, Authorization',
    },
  });
}
