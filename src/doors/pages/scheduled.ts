import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { cancelScheduled, readScheduled, reschedulePost } from '#domain/posts/schedule.ts';
import { listScheduled, type ScheduledRow } from '#domain/posts/scheduled-queries.ts';
import { scheduledJson } from '#doors/entities/scheduled.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { readSlice } from './page-slices.ts';
import { readMoment } from './read-moment.ts';

const POSTS = 20;
const PATH = '/scheduled';

/** `/scheduled`: the viewer's posts that wait for their time, each with its time and a way to drop it. */
export const scheduledPages = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.scheduled' })
    .use(authPlugin(ctx))
    .get(
      PATH,
      ({ request, caller, viewer }) => {
        const page = { ...readPage(readQuery(request)), limit: POSTS };
        const rows = new Map<number, ScheduledRow>();
        const { ids, newer, older } = readSlice(PATH, page, (slice) =>
          listScheduled(ctx.db, viewer.id, slice).map((row) => {
            rows.set(row.id, row);
            return row.id;
          }),
        );
        const shown = ids.flatMap((id) => rows.get(id) ?? []);
        const props = { posts: scheduledJson(ctx, viewer, shown), newer, older };
        const content = { page: 'scheduled' as const, title: 'Scheduled posts', props };
        return showPage(ctx, request, content, { caller });
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .post(
      `${PATH}/:id`,
      async ({ request, params, viewer }) => {
        const { id } = readScheduled(ctx, viewer, parseId(params.id));
        const { scheduled_at: typed } = await readBody(request);
        try {
          const at = readMoment(ctx, typed);
          if (at !== null) reschedulePost(ctx, viewer, id, at);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          return redirectTo(ctx, request, PATH, { kind: 'problem', text: error.message });
        }
        return redirectTo(ctx, request, PATH, { kind: 'done', text: 'Saved.' });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .post(
      `${PATH}/:id/delete`,
      ({ request, params, viewer }) => {
        cancelScheduled(ctx, viewer, parseId(params.id));
        const text = 'This post is not published.';
        return redirectTo(ctx, request, PATH, { kind: 'done', text });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    );
