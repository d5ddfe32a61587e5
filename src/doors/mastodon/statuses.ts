import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { unsharePost } from '#domain/posts/share.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { ownStatusOr404, statusOr404 } from './answers.ts';
import { readNewStatus, readStatusEdit } from './status-input.ts';

/** Posts through the client API: make, read, change, delete. */
export const statuses = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.statuses' })
    .use(authPlugin(ctx))
    .post(
      '/api/v1/statuses',
      async ({ request, viewer }) => {
        const input = readNewStatus(await readBody(request));
        const key = request.headers.get('idempotency-key');
        const post = publishPost(ctx, viewer, input, key === '' ? null : key);
        return Response.json(statusOr404(ctx, request, viewer, post.id));
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/statuses/:id',
      ({ request, params, viewer }) =>
        Response.json(statusOr404(ctx, request, viewer, parseId(params.id))),
      { caller: 'read:statuses', parse: 'none' },
    )
    .put(
      '/api/v1/statuses/:id',
      async ({ request, params, viewer }) => {
        const { id } = ownStatusOr404(ctx, request, viewer, parseId(params.id));
        editPost(ctx, viewer, id, readStatusEdit(await readBody(request)));
        return Response.json(statusOr404(ctx, request, viewer, id));
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .delete(
      '/api/v1/statuses/:id',
      ({ request, params, viewer }) => {
        const { id, status } = ownStatusOr404(ctx, request, viewer, parseId(params.id));
        if (status.reblog) unsharePost(ctx, viewer.id, Number(status.reblog.id));
        else deletePost(ctx, viewer, id);
        return Response.json({ ...status, text: status.content_text ?? '' });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    );
