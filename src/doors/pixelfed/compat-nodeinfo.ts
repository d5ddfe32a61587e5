import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { readRegistration } from '#domain/closing.ts';
import { readSetting } from '#domain/settings.ts';
import { notFound } from '#doors/http/errors.ts';

/** The first version of Pixelfed's API that its app signs in to, and that is answered here. */
const SPOKEN_VERSION = '0.12.3';

/**
 * The address at which the official Pixelfed app, and nobody else, asks whether it may sign in: it
 * wants to hear `pixelfed`, at least 0.12.3. A statement about the API that is spoken, not about the
 * software, which `/nodeinfo` names truthfully; the real name stands here, too. Off by the setting
 * `compat.pixelfed_app`. It tells no name and no number, so a family may leave it open.
 */
export const compatNodeinfo = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pixelfed.compat-nodeinfo' }).get(
    '/api/nodeinfo/2.0.json',
    ({ request }) => {
      if (!readSetting(ctx, 'compat.pixelfed_app')) throw notFound(request);
      return Response.json({
        version: '2.0',
        software: { name: 'pixelfed', version: SPOKEN_VERSION },
        protocols: ['activitypub'],
        services: { inbound: [], outbound: [] },
        openRegistrations: readRegistration(ctx) === 'open',
        usage: { users: {} },
        metadata: {
          compatibility: { server: 'tintype', version: buildInfo.version },
        },
      });
    },
    { parse: 'none' },
  );
