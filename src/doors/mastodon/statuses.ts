import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { schedulePost } from '#domain/posts/schedule.ts';
import { unsharePost } from '#domain/posts/share.ts';
import { applyFilters } from '#doors/entities/filtered.ts';
import { scheduledJson } from '#doors/entities/scheduled.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { flagField, idField, listField, parseInput } from '#doors/http/fields.ts';
import { ownStatusOr404, statusOr404 } from './answers.ts';
import { readNewStatus, readScheduleTime, readStatusEdit } from './status-input.ts';

/** Several posts at once, by `id[]`. */
export const manySchema = v.object({ id: v.nullish(listField(idField(), 40)) });

/** How a post is deleted: with `delete_media` its photos go at once instead of after a day. */
export const deleteSchema = v.object({ delete_media: v.nullish(flagField()) });

/** Posts through the client API: make, read, change, delete. */
export const statuses = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.statuses' })
    .use(authPlugin(ctx))
    .post(
      '/api/v1/statuses',
      async ({ request, viewer }) => {
        const body = await readBody(request);
        const input = readNewStatus(body, readPreferences(ctx.db, viewer.id));
        const key = request.headers.get('idempotency-key') || null;
        const at = readScheduleTime(body);
        if (at !== null) {
          const row = schedulePost(ctx, viewer, input, at, key);
          return Response.json(scheduledJson(ctx, viewer, [row])[0]);
        }
        const post = publishPost(ctx, viewer, input, key);
        return Response.json(statusOr404(ctx, request, viewer, post.id));
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/statuses',
      ({ request, viewer }) => {
        const { id } = parseInput(manySchema, readQuery(request));
        const found = statusesByIds(ctx, viewer, [...new Set(id ?? [])]);
        return Response.json(applyFilters(ctx, viewer, null, found));
      },
      { caller: 'read:statuses', parse: 'none' },
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
      async ({ request, params, viewer }) => {
        const { id, status } = ownStatusOr404(ctx, request, viewer, parseId(params.id));
        const said = parseInput(deleteSchema, await readBody(request));
        // "Delete and redraft" publishes the same photos once more.
        if (status.reblog) unsharePost(ctx, viewer.id, Number(status.reblog.id));
        else deletePost(ctx, viewer, id, { keepPhotos: said.delete_media !== true });
        return Response.json({ ...status, text: status.content_text ?? '' });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    );
