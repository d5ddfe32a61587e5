import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { createDoor, type DoorParts, type FrontDoor } from '#doors/http/server.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '#test/harness/app.ts';

/** A few routes of every kind, so that the plumbing is tested without the rest of the house. */
export const sampleDoor = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'test.sample' })
    .use(authPlugin(ctx))
    .get('/api/v1/mine', ({ viewer }) => Response.json({ id: viewer.id }), {
      signedIn: 'read:statuses',
      parse: 'none',
    })
    .get('/api/v1/open', ({ viewer }) => Response.json({ id: viewer?.id ?? null }), {
      caller: true,
      parse: 'none',
    })
    .post(
      '/api/v1/things',
      async ({ request }) => Response.json({ body: await readBody(request) }),
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .post('/api/v1/apps', async ({ request }) => Response.json({ body: await readBody(request) }), {
      caller: true,
      parse: 'none',
    })
    .delete('/api/v1/things/:id', ({ params }) => Response.json({ gone: params.id }), {
      signedIn: 'write:statuses',
      parse: 'none',
    })
    .get('/api/v1/broken', () => {
      throw new Error('a secret detail');
    })
    .get('/api/v1/refused/:kind', ({ params }) => {
      throw new AppError(params.kind as 'gone', 'A sentence.', { retryAfter: 7 });
    })
    .get(
      '/about',
      ({ request }) =>
        showPage(
          ctx,
          request,
          {
            page: 'about',
            title: 'About',
            props: { accounts: 1, posts: 0, contact: null, rules: [] },
          },
          { cache: 'public' },
        ),
      { caller: true, parse: 'none' },
    )
    .get('/settings/mine', ({ viewer }) => new Response(viewer.username), {
      signedIn: true,
      parse: 'none',
    })
    .post(
      '/settings/mine',
      ({ request }) => redirectTo(ctx, request, '/about', { kind: 'done', text: 'It is saved.' }),
      { signedIn: true, parse: 'none' },
    )
    .get('/admin/mine', () => new Response('secret'), { admin: true, parse: 'none' })
    .get(
      '/go',
      ({ query }) => new Response(null, { status: 303, headers: { location: String(query.to) } }),
    )
    .post('/sign-in', async ({ request }) => Response.json(await readBody(request)), {
      caller: true,
      parse: 'none',
    });

export type DoorWorld = { app: TestApp; door: FrontDoor };

/** A server's world with the sample routes behind the real front door. */
export async function createDoorWorld(
  options: TestAppOptions = {},
  parts: Partial<DoorParts> = {},
): Promise<DoorWorld> {
  const app = await createTestApp(options);
  const door = createDoor(app.ctx, { doors: [sampleDoor], ...parts });
  return { app, door };
}
