import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { originOf } from '#domain/origin.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { notFound } from '#doors/http/errors.ts';

/** `GET` and `POST /oauth/userinfo`: who signed in, in the words of OpenID Connect (Core §5.3). */
export const userinfo = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'oauth.userinfo' })
    .use(authPlugin(ctx))
    .get('/oauth/userinfo', ({ request, viewer }) => answer(ctx, request, viewer), needs())
    .post('/oauth/userinfo', ({ request, viewer }) => answer(ctx, request, viewer), needs());

const needs = () => ({ signedIn: 'profile', parse: 'none' }) as const;

function answer(ctx: Context, request: Request, viewer: Viewer): Response {
  const row = findAccount(ctx.db, viewer.id);
  const [account] = row === null ? [] : accountsJson(ctx, [row]);
  if (account === undefined) throw notFound(request);
  return Response.json({
    iss: originOf(ctx.config),
    sub: account.uri,
    name: account.display_name === '' ? account.username : account.display_name,
    preferred_username: account.username,
    profile: account.url,
    picture: account.avatar,
  });
}
