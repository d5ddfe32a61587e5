import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { allScopes, hasScope } from '#domain/accounts/scopes.ts';
import { isAdmin } from '#domain/accounts/viewer.ts';
import { readVitals } from '#domain/upkeep/read-vitals.ts';
import { readQueues } from '#doors/federation/read-queues.ts';
import { authPlugin } from '#doors/http/auth.ts';
import type { Caller } from '#doors/http/caller.ts';
import { notFound } from '#doors/http/errors.ts';
import { metricsText } from './metrics-text.ts';

/**
 * GET `/metrics`: the numbers of this server for Prometheus; for an admin's session, or an admin's
 * token with the scope `admin:read`. To everybody else there is no such page.
 */
export const metrics = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.metrics' }).use(authPlugin(ctx)).get(
    '/metrics',
    ({ request, caller }) => {
      if (!mayRead(caller)) throw notFound(request);
      const text = metricsText(ctx.metrics.read(), readVitals(ctx), readQueues(ctx));
      return new Response(text, {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      });
    },
    // Every token comes as far as the question above: a refusal would say that there is something.
    { caller: allScopes, parse: 'none' },
  );

function mayRead({ viewer, token, session }: Caller): boolean {
  if (!isAdmin(viewer)) return false;
  return session !== null || (token !== null && hasScope(token.scopes, 'admin:read'));
}
