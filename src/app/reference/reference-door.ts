import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { originOf } from '#domain/origin.ts';
import { readSetting } from '#domain/settings.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { showPage } from '#doors/http/html.ts';
import type { FrontDoor } from '#doors/http/server.ts';
import { openApiDocument } from './openapi.ts';
import { referencePage } from './reference-page.ts';

/** The reference of the client API, made from the route table itself: for programs and for people. */
export const referenceDoor =
  (routes: () => FrontDoor['routes']) =>
  (ctx: Context): AnyElysia =>
    new Elysia({ name: 'app.reference' })
      .use(authPlugin(ctx))
      .get(
        '/api/openapi.json',
        () => {
          const name = readSetting(ctx, 'instance.name');
          return Response.json(openApiDocument(routes(), originOf(ctx.config), name));
        },
        { caller: true, parse: 'none' },
      )
      .get(
        '/api/docs',
        ({ request, caller }) =>
          showPage(
            ctx,
            request,
            { page: 'reference', title: 'For apps', props: referencePage(routes()) },
            { cache: 'public', caller },
          ),
        { caller: true, parse: 'none' },
      );
