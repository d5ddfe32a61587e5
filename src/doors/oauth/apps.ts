import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { addressBlock } from '#base/core/addresses.ts';
import { createBuckets } from '#base/core/buckets.ts';
import { AppError } from '#base/core/errors.ts';
import { type OauthApp, readApp, registerApp } from '#domain/accounts/apps.ts';
import { readVapid } from '#domain/notify/vapid.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import type { Caller } from '#doors/http/caller.ts';
import { parseInput } from '#doors/http/fields.ts';
import { requestFacts } from '#doors/http/request-facts.ts';
import { appSchema } from './app-input.ts';

/** How many apps one address may register: a web client registers one for each server of each person. */
const REGISTRATIONS = { limit: 30, windowMs: 10 * 60_000 };

/** Apps that say who they are, as Mastodon's clients do it; anybody may, and gets nothing but a name. */
export const apps = (ctx: Context): AnyElysia => {
  const registrations = createBuckets(REGISTRATIONS, ctx.now);
  return new Elysia({ name: 'oauth.apps' })
    .use(authPlugin(ctx))
    .post(
      '/api/v1/apps',
      async ({ request }) => {
        const input = parseInput(appSchema, await readBody(request));
        const rate = registrations.take(addressBlock(requestFacts(request).address));
        if (ctx.config.rates && !rate.allowed) {
          throw new AppError('too_many', 'Too many requests', { retryAfter: rate.retryAfter });
        }
        const { app, secret } = registerApp(ctx, {
          name: input.client_name,
          website: input.website,
          redirectUris: input.redirect_uris,
          scopes: input.scopes?.length ? input.scopes : 'read',
        });
        const keys = { client_id: app.clientId, client_secret: secret };
        const headers = { 'cache-control': 'no-store' };
        return Response.json(
          { ...appJson(ctx, app), ...keys, client_secret_expires_at: 0 },
          { headers },
        );
      },
      { parse: 'none' },
    )
    .get(
      '/api/v1/apps/verify_credentials',
      ({ caller }) => {
        const scopes = (caller.token ?? caller.appToken)?.scopes;
        if (scopes === undefined) throw new AppError('unauthorized', 'The access token is invalid');
        const app = appOf(ctx, caller);
        return Response.json({ ...appJson(ctx, app), scopes });
      },
      { caller: true, parse: 'none' },
    );
};

/** A token that was made by hand has no app: it stands for itself. */
function appOf(ctx: Context, caller: Caller): OauthApp {
  const id = (caller.token ?? caller.appToken)?.appId ?? null;
  const known = id === null ? null : readApp(ctx, id);
  if (known !== null) return known;
  const name = 'Access token';
  const nobody = { id: caller.token?.id ?? 0, clientId: '', website: '', redirectUris: [] };
  return { ...nobody, name, scopes: caller.token?.scopes ?? [] };
}

function appJson(ctx: Context, app: OauthApp) {
  return {
    id: String(app.id),
    name: app.name,
    website: app.website === '' ? null : app.website,
    scopes: app.scopes,
    redirect_uris: app.redirectUris,
    redirect_uri: app.redirectUris.join('\n'),
    vapid_key: readVapid(ctx).publicKey,
  };
}
