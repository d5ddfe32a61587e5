import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { findPushOfToken, type PushRow, pushPolicies } from '#domain/notify/push-queries.ts';
import {
  type Alerts,
  alertTypes,
  changePush,
  subscribePush,
  unsubscribePush,
} from '#domain/notify/push-subscriptions.ts';
import { readVapid } from '#domain/notify/vapid.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { flagField, parseInput, textField } from '#doors/http/fields.ts';

const dataSchema = v.object({
  alerts: v.optional(v.record(v.string(), flagField())),
  policy: v.optional(
    v.picklist(pushPolicies, 'Validation failed: Policy is not included in the list'),
  ),
});

/** What POST /api/v1/push/subscription takes. */
export const pushSchema = v.object({
  subscription: v.object({
    endpoint: textField(2000),
    keys: v.object({ p256dh: textField(200), auth: textField(100) }),
    standard: v.optional(flagField(), false),
  }),
  data: v.optional(dataSchema, {}),
});

/** What PUT /api/v1/push/subscription takes; some apps send `policy` beside `data`. */
export const pushChangeSchema = v.object({
  data: v.optional(dataSchema, {}),
  policy: v.optional(v.picklist(pushPolicies)),
});

const PATH = '/api/v1/push/subscription';
const need = () => ({ signedIn: 'push', parse: 'none' }) as const;

/** Web push for an app: one subscription a token (docs.joinmastodon.org/methods/push). */
export const push = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.push' })
    .use(authPlugin(ctx))
    .post(PATH, async ({ request, caller }) => await subscribe(ctx, request, caller), need())
    .get(
      PATH,
      ({ request, caller }) =>
        show(ctx, request, findPushOfToken(ctx.db, tokenOf(request, caller))),
      need(),
    )
    .put(
      PATH,
      async ({ request, caller }) => {
        const { data, policy } = parseInput(pushChangeSchema, await readBody(request));
        const wish = {
          alerts: data.alerts === undefined ? null : readAlerts(data.alerts),
          policy: data.policy ?? policy ?? null,
        };
        return show(ctx, request, changePush(ctx, tokenOf(request, caller), wish));
      },
      need(),
    )
    .delete(
      PATH,
      ({ request, caller }) => {
        unsubscribePush(ctx, tokenOf(request, caller));
        return Response.json({});
      },
      need(),
    );

async function subscribe(ctx: Context, request: Request, caller: SignedInCaller) {
  const tokenId = tokenOf(request, caller);
  const { subscription, data } = parseInput(pushSchema, await readBody(request));
  const { endpoint, keys, standard } = subscription;
  const row = subscribePush(
    ctx,
    { accountId: caller.viewer.id, tokenId },
    {
      target: { endpoint, ...keys },
      standard,
      alerts: readAlerts(data.alerts ?? {}),
      policy: data.policy ?? 'all',
      token: /^Bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '',
    },
  );
  return show(ctx, request, row);
}

/** A browser with its cookie has no token: it is told in another way (`/settings/push`). */
function tokenOf(request: Request, { token }: SignedInCaller): number {
  if (token === null) throw notFound(request);
  return token.id;
}

function readAlerts(said: Readonly<Record<string, boolean>>): Alerts {
  return Object.fromEntries(alertTypes.map((type) => [type, said[type] === true]));
}

function show(ctx: Context, request: Request, row: PushRow | null): Response {
  if (row === null) throw notFound(request);
  const alerts = readAlerts(JSON.parse(row.alerts) as Record<string, boolean>);
  return Response.json({
    id: String(row.id),
    endpoint: row.endpoint,
    standard: row.standard === 1,
    alerts,
    policy: row.policy,
    server_key: readVapid(ctx).publicKey,
  });
}
