import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { findBrowserPush } from '#domain/notify/push-queries.ts';
import { subscribeBrowser, unsubscribeBrowser } from '#domain/notify/push-subscriptions.ts';
import { readVapid } from '#domain/notify/vapid.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { parseInput, textField } from '#doors/http/fields.ts';
import { demandSession } from './session-only.ts';

const schema = v.object({
  endpoint: textField(2000),
  keys: v.object({ p256dh: textField(200), auth: textField(100) }),
});

/** `/settings/push`: whether the browser of this session is told of news while no page is open. */
export const settingsPush = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-push' })
    .use(authPlugin(ctx))
    .get('/settings/push', ({ caller }) => state(ctx, caller), { signedIn: true, parse: 'none' })
    .post(
      '/settings/push',
      async ({ request, caller }) => {
        const sessionId = sessionOf(caller);
        const target = parseInput(schema, await readBody(request));
        const { endpoint, keys } = target;
        const owner = { accountId: caller.viewer.id, sessionId };
        subscribeBrowser(ctx, owner, { endpoint, ...keys });
        return state(ctx, caller);
      },
      { signedIn: true, parse: 'none' },
    )
    .delete(
      '/settings/push',
      ({ caller }) => {
        unsubscribeBrowser(ctx, sessionOf(caller));
        return state(ctx, caller);
      },
      { signedIn: true, parse: 'none' },
    );

function sessionOf(caller: SignedInCaller): string {
  demandSession(caller);
  return caller.session?.id ?? '';
}

function state(ctx: Context, caller: SignedInCaller): Response {
  const row = findBrowserPush(ctx.db, sessionOf(caller), ctx.now());
  return Response.json({ key: readVapid(ctx).publicKey, endpoint: row?.endpoint ?? null });
}
