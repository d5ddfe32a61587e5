import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { authPlugin } from '#doors/http/auth.ts';

/**
 * What apps ask for and this product does not have: a true and empty answer. What would change
 * something has no route here: it is answered with 404 like everything that does not exist.
 */
export const stubs = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.stubs' })
    .use(authPlugin(ctx))
    .get('/api/v1/custom_emojis', none, { caller: true, parse: 'none' })
    .get('/api/v2/streaming/config', none, { caller: true, parse: 'none' });

const none = () => Response.json([]);
