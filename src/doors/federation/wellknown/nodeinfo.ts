import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import { isFederating } from '#domain/federate.ts';
import { originOf } from '#domain/origin.ts';
import { notFound } from '#doors/http/errors.ts';
import { nodeinfoDocument } from './nodeinfo-document.ts';

/** What software this is and how much it is used; 2.0 stands first in the list, since Pixelfed takes the first. */
export const nodeinfo = (ctx: Context): AnyElysia => {
  const answer = (request: Request, make: () => JsonObject, type = 'application/json') => {
    if (!isFederating(ctx)) throw notFound(request);
    return new Response(JSON.stringify(make()), {
      headers: { 'content-type': type, vary: 'Accept, Cookie, Authorization' },
    });
  };
  const show = (version: '2.0' | '2.1') => (route: { request: Request }) =>
    answer(
      route.request,
      () => nodeinfoDocument(ctx, version),
      `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/${version}#"`,
    );
  return new Elysia({ name: 'federation.nodeinfo' })
    .get('/.well-known/nodeinfo', ({ request }) => answer(request, () => list(ctx)), {
      parse: 'none',
    })
    .get('/nodeinfo/2.0', show('2.0'), { parse: 'none' })
    .get('/nodeinfo/2.1', show('2.1'), { parse: 'none' });
};

function list(ctx: Context): JsonObject {
  const links = ['2.0', '2.1'].map((version) => ({
    rel: `http://nodeinfo.diaspora.software/ns/schema/${version}`,
    href: `${originOf(ctx.config)}/nodeinfo/${version}`,
  }));
  return { links };
}
