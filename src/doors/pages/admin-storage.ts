import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { JOB_QUEUED } from '#base/jobs/kinds.ts';
import { reviveJobs } from '#base/jobs/queries.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { drawAdmin } from './admin-view.ts';

/** `/admin/storage`: disk, accounts and work in the background; POST `/admin/jobs/ID/retry`. */
export const adminStorage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-storage' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get('/admin/storage', ({ request, caller }) =>
      showPage(ctx, request, drawAdmin.storage(ctx), { caller }),
    )
    .post('/admin/jobs/:id/retry', ({ request, params }) => {
      const id = parseId(params.id);
      if (id === null || reviveJobs(ctx.db, { id, kind: null, now: ctx.now() }) === 0) {
        throw notFound(request);
      }
      ctx.live.emit({ type: JOB_QUEUED });
      const text = 'It is tried again.';
      return redirectTo(ctx, request, '/admin/storage', { kind: 'done', text });
    });
