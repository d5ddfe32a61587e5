import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listReportedPosts } from '#domain/moderation/report-admin-queries.ts';
import { closeReport, noteReport, readReport } from '#domain/moderation/tend-report.ts';
import { hidePost } from '#domain/posts/hide.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { drawReport, drawReports } from './admin-report-view.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';

const schema = v.object({ post: formText(), text: formText() });
type Input = v.InferOutput<typeof schema>;
type Act = (ctx: Context, viewer: Viewer, reportId: number, input: Input) => string;

/** What an admin can do about a report: the last word of the address, and the sentence afterwards. */
const ACTS: Readonly<Record<string, Act>> = {
  close: (ctx, viewer, id) => {
    closeReport(ctx, viewer, id, true);
    return 'The report is closed.';
  },
  reopen: (ctx, viewer, id) => {
    closeReport(ctx, viewer, id, false);
    return 'The report is open again.';
  },
  note: (ctx, viewer, id, { text }) => {
    noteReport(ctx, viewer, id, text);
    return 'The note is saved.';
  },
  hide: (ctx, viewer, id, { post }) => {
    setHidden(ctx, viewer, id, post, true);
    return 'The post is hidden.';
  },
  show: (ctx, viewer, id, { post }) => {
    setHidden(ctx, viewer, id, post, false);
    return 'The post is shown again.';
  },
};

/** `/admin/reports`, `/admin/reports/ID`, and POST `/admin/reports/ID/{close,reopen,note,hide,show}`. */
export const adminReports = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-reports' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get('/admin/reports', ({ request, caller }) => {
      const query = readQuery(request);
      const content = drawReports(ctx, 'closed' in query, readPage(query));
      return showPage(ctx, request, content, { caller });
    })
    .get('/admin/reports/:id', ({ request, params, caller }) => {
      const report = readReport(ctx, caller.viewer, idOf(request, params.id));
      return showPage(ctx, request, drawReport(ctx, report), { caller });
    })
    .post('/admin/reports/:id/:act', async ({ request, params, caller }) => {
      const act = Object.hasOwn(ACTS, params.act) ? ACTS[params.act] : undefined;
      if (!act) throw notFound(request);
      const id = idOf(request, params.id);
      const report = readReport(ctx, caller.viewer, id);
      try {
        const text = act(ctx, caller.viewer, id, v.parse(schema, await readBody(request)));
        return redirectTo(ctx, request, `/admin/reports/${id}`, { kind: 'done', text });
      } catch (error) {
        return await showFormAgain(ctx, request, error, {}, (form) =>
          drawReport(ctx, report, form),
        );
      }
    });

/** Only posts that the report names are hidden from here. */
function setHidden(
  ctx: Context,
  viewer: Viewer,
  reportId: number,
  text: string,
  hidden: boolean,
): void {
  const postId = parseId(text) ?? 0;
  if (listReportedPosts(ctx.db, reportId).includes(postId)) hidePost(ctx, viewer, postId, hidden);
}

function idOf(request: Request, text: string): number {
  const id = parseId(text);
  if (id === null) throw notFound(request);
  return id;
}
