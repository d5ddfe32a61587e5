import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { publishWaiting } from '#domain/posts/publish-scheduled.ts';
import {
  cancelScheduled,
  readScheduled,
  reschedulePost,
  type WaitingChange,
} from '#domain/posts/schedule.ts';
import { listScheduled, type ScheduledRow } from '#domain/posts/scheduled-queries.ts';
import { scheduledJson } from '#doors/entities/scheduled.ts';
import type { ScheduledPage } from '#doors/entities/social-page-types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { readSlice } from './page-slices.ts';
import { readMoment } from './read-moment.ts';

const POSTS = 20;
const PATH = '/scheduled';

/** `/scheduled`: the viewer's posts that wait for their time, each with its words and time, to be changed, published at once or dropped. */
export const scheduledPages = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.scheduled' })
    .use(authPlugin(ctx))
    .get(
      PATH,
      ({ request, caller, viewer }) =>
        showPage(ctx, request, drawScheduled(ctx, viewer, request), { caller }),
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .post(
      `${PATH}/:id`,
      async ({ request, params, viewer }) => {
        const { id } = readScheduled(ctx, viewer, parseId(params.id));
        const body = await readBody(request);
        try {
          reschedulePost(ctx, viewer, id, readChange(ctx, body));
        } catch (error) {
          return await showFormAgain(ctx, request, error, typedValues(body), (form) =>
            drawScheduled(ctx, viewer, request, { id: String(id), form }),
          );
        }
        return redirectTo(ctx, request, PATH, { kind: 'done', text: 'Saved.' });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .post(
      `${PATH}/:id/publish`,
      ({ request, params, viewer }) => {
        try {
          const { id } = publishWaiting(ctx, viewer, parseId(params.id));
          const text = 'Your post is out.';
          return redirectTo(ctx, request, `/@${viewer.username}/${id}`, { kind: 'done', text });
        } catch (error) {
          if (!(error instanceof AppError) || error.kind === 'not_found') throw error;
          return redirectTo(ctx, request, PATH, { kind: 'problem', text: error.message });
        }
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

/** A field that was not sent stays as it is; an empty time does, too. */
function readChange(ctx: Context, body: Readonly<Record<string, unknown>>): WaitingChange {
  const at = readMoment(ctx, body.scheduled_at);
  const { caption, spoiler } = body;
  return {
    ...(at === null ? {} : { at }),
    ...(typeof caption === 'string' ? { caption } : {}),
    ...(typeof spoiler === 'string' ? { spoiler } : {}),
  };
}

function drawScheduled(
  ctx: Context,
  viewer: Viewer,
  request: Request,
  again: ScheduledPage['again'] = null,
): PageContent {
  const page = { ...readPage(readQuery(request)), limit: POSTS };
  const rows = new Map<number, ScheduledRow>();
  const { ids, newer, older } = readSlice(PATH, page, (slice) =>
    listScheduled(ctx.db, viewer.id, slice).map((row) => {
      rows.set(row.id, row);
      return row.id;
    }),
  );
  const shown = ids.flatMap((id) => rows.get(id) ?? []);
  // One that is further down comes up with its mistake.
  if (again && !rows.has(Number(again.id)))
    shown.unshift(readScheduled(ctx, viewer, Number(again.id)));
  const props = { posts: scheduledJson(ctx, viewer, shown), again, newer, older };
  return { page: 'scheduled', title: 'Scheduled posts', props };
}
