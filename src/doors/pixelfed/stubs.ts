import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { notFound } from '#doors/http/errors.ts';

/**
 * What Pixelfed's apps ask for and this product does not have: true and empty answers. What would
 * change something is answered with 404, as everything that does not exist.
 */
export const pixelfedStubs = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pixelfed.stubs' })
    .use(authPlugin(ctx))
    .get('/api/v1.1/collections/self', none, reads())
    .get('/api/pixelfed/v1/collections/self', none, reads())
    .get('/api/v1.1/collections/accounts/:id', none, reads())
    .get('/api/v1.1/collections/view/:id', missing, reads())
    .get('/api/v1.1/collections/items/:id', missing, reads())
    .get('/api/v1.2/stories/carousel', noStories, reads())
    .get('/api/v1.1/stories/carousel', noStories, reads())
    .get('/api/pixelfed/v1/stories/self-carousel', noStories, reads())
    .get('/api/v1.1/nag/state', () => Response.json({ active: false }), reads())
    .get('/api/pixelfed/v1/nag/state', () => Response.json({ active: false }), reads())
    .get('/api/v1.1/push/state', pushState, reads())
    .get('/api/pixelfed/v1/push/state', pushState, reads());

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:accounts', parse: 'none' }) as const;

const none = () => Response.json([]);
const noStories = () => Response.json({ self: [], nodes: [] });

function missing({ request }: { request: Request }): never {
  throw notFound(request);
}

/** The app's own push goes through a service of Pixelfed's makers, which nothing here speaks with. */
function pushState({ viewer }: { viewer: Viewer }): Response {
  return Response.json({
    version: '1',
    username: viewer.username,
    profile_id: String(viewer.id),
    notify_enabled: false,
    has_token: false,
    notify_like: false,
    notify_follow: false,
    notify_mention: false,
    notify_comment: false,
  });
}
