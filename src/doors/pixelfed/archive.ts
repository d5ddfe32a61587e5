import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { archivePost, restorePost } from '#domain/posts/archive.ts';
import { listProfileIds } from '#domain/posts/reading.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { linkHeader, readPage } from '#doors/http/links.ts';

/** The posts that somebody has put away, as Pixelfed's apps put them away and bring them back. */
export const archiveApi = (ctx: Context): AnyElysia => {
  const act =
    (verb: (ctx: Context, viewer: Viewer, id: number) => unknown) =>
    ({ request, params, viewer }: Asked) => {
      const id = parseId(params.id);
      const [status] = id === null ? [] : statusesByIds(ctx, viewer, [id]);
      if (id === null || status?.account.id !== String(viewer.id)) throw notFound(request);
      verb(ctx, viewer, id);
      return Response.json({});
    };
  return new Elysia({ name: 'pixelfed.archive' })
    .use(authPlugin(ctx))
    .post('/api/v1.1/archive/add/:id', act(archivePost), writes())
    .post('/api/v1.1/archive/remove/:id', act(restorePost), writes())
    .get(
      '/api/v1.1/archive/list',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request));
        const ids = listProfileIds(ctx, viewer, viewer.id, page, { archived: true });
        const link = linkHeader(ctx, request, page, ids);
        return Response.json(
          statusesByIds(ctx, viewer, ids),
          link === null ? {} : { headers: { link } },
        );
      },
      { signedIn: 'read:statuses', parse: 'none' },
    );
};

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const writes = () => ({ signedIn: 'write:statuses', parse: 'none' }) as const;

type Asked = { request: Request; params: { id: string }; viewer: Viewer };
