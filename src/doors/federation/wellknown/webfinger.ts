import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { isFederating } from '#domain/federate.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { findOwnActor } from '#doors/federation/routes/answer-actor.ts';
import { isKnownGone } from '#doors/federation/routes/queries.ts';
import { notFound } from '#doors/http/errors.ts';
import { requestQuery } from '#doors/http/request-facts.ts';
import { accountJrd, instanceJrd, type Jrd } from './jrd.ts';
import { type Resource, readResource } from './resource.ts';

/**
 * WebFinger (RFC 7033): who stands behind a handle or an address of this server. Unsigned in a family
 * too, since nobody can be followed otherwise; there it says no more than that the name is one.
 */
export const webfinger = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'federation.webfinger' }).get(
    '/.well-known/webfinger',
    ({ request }) => {
      if (!isFederating(ctx)) throw notFound(request);
      const query = new URLSearchParams(requestQuery(request));
      const [asked = null, ...more] = query.getAll('resource');
      const resource = readResource(ctx.config, more.length > 0 ? null : asked);
      const jrd = resource === null ? null : findJrd(ctx, resource);
      if (jrd === null) throw notFound(request);
      return answerJrd(jrd, query.getAll('rel'));
    },
    { parse: 'none' },
  );

function findJrd(ctx: Context, resource: Resource): Jrd | null {
  if (resource.kind === 'instance') return instanceJrd(ctx.config);
  const account = findOwnActor(ctx, resource.username);
  const closed = isClosed(ctx);
  if (account !== null) return accountJrd(ctx.config, account, closed);
  // Suspended and leaving accounts may come back: only who is deleted is gone for good.
  if (!closed && isKnownGone(ctx.db, idsOf(ctx.config).actor(resource.username))) {
    throw new AppError('gone', 'This account was deleted.');
  }
  return null;
}

function answerJrd(jrd: Jrd, rels: readonly string[]): Response {
  // §4.3: whoever asks for some relations gets no others.
  const links = rels.length === 0 ? jrd.links : jrd.links.filter(({ rel }) => rels.includes(rel));
  return new Response(JSON.stringify({ ...jrd, links }), {
    headers: {
      'content-type': 'application/jrd+json; charset=utf-8',
      vary: 'Accept, Cookie, Authorization',
    },
  });
}
