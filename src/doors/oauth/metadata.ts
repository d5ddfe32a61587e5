import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { allScopes } from '#domain/accounts/scopes.ts';
import { originOf } from '#domain/origin.ts';

/** `/.well-known/oauth-authorization-server` (RFC 8414): by it apps learn that S256 is understood. */
export const metadata = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'oauth.metadata' }).get(
    '/.well-known/oauth-authorization-server',
    () => {
      const origin = originOf(ctx.config);
      return Response.json(
        {
          issuer: origin,
          service_documentation: `${origin}/api/docs`,
          authorization_endpoint: `${origin}/oauth/authorize`,
          token_endpoint: `${origin}/oauth/token`,
          revocation_endpoint: `${origin}/oauth/revoke`,
          userinfo_endpoint: `${origin}/oauth/userinfo`,
          app_registration_endpoint: `${origin}/api/v1/apps`,
          scopes_supported: allScopes,
          response_types_supported: ['code'],
          response_modes_supported: ['query'],
          grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
          code_challenge_methods_supported: ['S256'],
        },
        { headers: { 'cache-control': 'public, max-age=3600', vary: 'Accept' } },
      );
    },
    { parse: 'none' },
  );
