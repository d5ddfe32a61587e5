import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { grantAppToken } from '#domain/accounts/app-tokens.ts';
import type { OauthApp } from '#domain/accounts/apps.ts';
import type { GrantedToken } from '#domain/accounts/grant-token.ts';
import { spendCode } from '#domain/accounts/oauth-codes.ts';
import { renewToken } from '#domain/accounts/renew-token.ts';
import { narrowScopes } from '#domain/accounts/scopes.ts';
import { readBody } from '#doors/http/body.ts';
import type { Input } from '#doors/http/brackets.ts';
import { requireApp, textOf } from './client-auth.ts';
import { answerApp, OauthError } from './oauth-error.ts';

type Grant = (ctx: Context, app: OauthApp, input: Input) => object;

/** How an app comes to a token, by `grant_type`. A `password` grant is nobody's. */
const grants: ReadonlyMap<string, Grant> = new Map([
  ['authorization_code', byCode],
  ['client_credentials', byItself],
  ['refresh_token', byRefresh],
]);

/** `POST /oauth/token` (RFC 6749 §4.1.3, §4.4, §6; RFC 7636): form, multipart, JSON or query. */
export const token = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'oauth.token' }).post(
    '/oauth/token',
    ({ request }) =>
      answerApp(request, async () => {
        const input = await readBody(request);
        const type = textOf(input.grant_type);
        if (type === null) throw new OauthError('invalid_request');
        const grant = grants.get(type);
        if (grant === undefined) throw new OauthError('unsupported_grant_type');
        return grant(ctx, requireApp(ctx, request, input), input);
      }),
    { parse: 'none' },
  );

/** `scope` is not looked at: some apps ask here for more than the person was shown, and live with less. */
function byCode(ctx: Context, app: OauthApp, input: Input): object {
  const code = textOf(input.code);
  if (code === null) throw new OauthError('invalid_request');
  const redirectUri = textOf(input.redirect_uri) ?? '';
  const verifier = textOf(input.code_verifier);
  const granted = spendCode(ctx, app, { code, redirectUri, verifier });
  if (granted === null) throw new OauthError('invalid_grant');
  return tokenJson(granted);
}

function byRefresh(ctx: Context, app: OauthApp, input: Input): object {
  const raw = textOf(input.refresh_token);
  if (raw === null) throw new OauthError('invalid_request');
  const granted = renewToken(ctx, app, raw);
  if (granted === null) throw new OauthError('invalid_grant');
  return tokenJson(granted);
}

/** A token for what needs no person; there is nothing to renew it with (RFC 6749 §4.4.3). */
function byItself(ctx: Context, app: OauthApp, input: Input): object {
  const scopes = narrowScopes(app.scopes, textOf(input.scope));
  if (scopes === null) throw new OauthError('invalid_scope');
  return tokenJson({ ...grantAppToken(ctx, app, scopes), scopes });
}

function tokenJson(token: Omit<GrantedToken, 'refreshToken'> & { refreshToken?: string }): object {
  return {
    access_token: token.accessToken,
    token_type: 'Bearer',
    scope: token.scopes.join(' '),
    created_at: Math.floor(token.createdAt / 1000),
    expires_in: Math.floor((token.expiresAt - token.createdAt) / 1000),
    ...(token.refreshToken === undefined ? {} : { refresh_token: token.refreshToken }),
  };
}
