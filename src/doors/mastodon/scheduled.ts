import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { cancelScheduled, readScheduled, reschedulePost } from '#domain/posts/schedule.ts';
import { listScheduled } from '#domain/posts/scheduled-queries.ts';
import { scheduledJson } from '#doors/entities/scheduled.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { listPage } from './answers.ts';
import { scheduleSchema } from './status-input.ts';

/** Posts that wait for their time (docs.joinmastodon.org/methods/scheduled_statuses). */
export const scheduled = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.scheduled' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/scheduled_statuses',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request));
        const rows = listScheduled(ctx.db, viewer.id, page);
        const ids = rows.map((row) => row.id);
        return listPage(ctx, request, page, ids, scheduledJson(ctx, viewer, rows));
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/scheduled_statuses/:id',
      ({ viewer, params }) => {
        const row = readScheduled(ctx, viewer, parseId(params.id));
        return Response.json(scheduledJson(ctx, viewer, [row])[0]);
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .put(
      '/api/v1/scheduled_statuses/:id',
      async ({ request, viewer, params }) => {
        const { scheduled_at } = parseInput(scheduleSchema, await readBody(request));
        const row = reschedulePost(ctx, viewer, parseId(params.id), { at: scheduled_at });
        return Response.json(scheduledJson(ctx, viewer, [row])[0]);
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .delete(
      '/api/v1/scheduled_statuses/:id',
      ({ viewer, params }) => {
        cancelScheduled(ctx, viewer, parseId(params.id));
        return Response.json({});
      },
      { signedIn: 'write:statuses', parse: 'none' },
    );
