import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { OauthApp } from '#domain/accounts/apps.ts';
import { endOwnToken } from '#domain/accounts/end-access.ts';
import { readBody } from '#doors/http/body.ts';
import type { Input } from '#doors/http/brackets.ts';
import { requireApp, textOf } from './client-auth.ts';
import { answerApp, OauthError } from './oauth-error.ts';

/** `POST /oauth/revoke` (RFC 7009): an app gives a token of its own back; `{}` also if it is gone already. */
export const revoke = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'oauth.revoke' }).post(
    '/oauth/revoke',
    ({ request }) =>
      answerApp(request, async () => {
        const input = await readBody(request);
        const app = ownerOf(ctx, request, input);
        if (!endOwnToken(ctx, app, textOf(input.token) ?? '')) {
          throw new OauthError('unauthorized_client');
        }
        return {};
      }),
    { parse: 'none' },
  );

/** As Mastodon says it: whoever does not prove to be the owner is not the owner. */
function ownerOf(ctx: Context, request: Request, input: Input): OauthApp {
  try {
    return requireApp(ctx, request, input);
  } catch (error) {
    throw error instanceof OauthError ? new OauthError('unauthorized_client') : error;
  }
}
