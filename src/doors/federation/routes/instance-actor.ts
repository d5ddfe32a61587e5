import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { isFederating } from '#domain/federate.ts';
import { collection } from '#doors/federation/documents/collections.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { instanceActorDocument } from '#doors/federation/documents/instance-actor.ts';
import { notFound } from '#doors/http/errors.ts';
import { activityResponse } from './negotiate.ts';

/** `/actor`, the server itself: unsigned and for everybody, in a family too, or nobody could check what it signs. */
export const instanceActor = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'federation.instance-actor' })
    .get(
      '/actor',
      async ({ request }) => {
        if (!isFederating(ctx)) throw notFound(request);
        const { publicPem } = await readSigningKey(ctx, 0);
        const document = instanceActorDocument(ctx, publicPem);
        return activityResponse(request, document, { cache: 'public' });
      },
      { parse: 'none' },
    )
    .get(
      '/actor/outbox',
      ({ request }) => {
        if (!isFederating(ctx)) throw notFound(request);
        const id = `${idsOf(ctx.config).instance}/outbox`;
        const empty = collection(id, 'OrderedCollection', { totalItems: 0, paged: false });
        return activityResponse(request, empty, { cache: 'public' });
      },
      { parse: 'none' },
    );
