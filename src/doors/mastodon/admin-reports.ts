import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findReport, listReports } from '#domain/moderation/report-admin-queries.ts';
import { closeReport } from '#domain/moderation/tend-report.ts';
import { adminReportsJson } from '#doors/entities/admin.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { isTrue } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { asAdmin } from './admin-guard.ts';
import { listPage } from './answers.ts';

/** Reports, for admins (docs.joinmastodon.org/methods/admin/reports): the open ones, or with `resolved` the others. */
export const adminReportsApi = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.admin-reports' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/admin/reports',
      ({ request, viewer }) => {
        asAdmin(viewer);
        const query = readQuery(request);
        const page = readPage(query, { default: 100, max: 200 });
        const rows = listReports(ctx.db, {
          ...page,
          closed: isTrue(query.resolved),
          reporterId: askedFor(query.account_id),
          targetId: askedFor(query.target_account_id),
        });
        const ids = rows.map((row) => row.id);
        return listPage(ctx, request, page, ids, adminReportsJson(ctx, viewer, rows));
      },
      reads(),
    )
    .get('/api/v1/admin/reports/:id', (asked) => show(ctx, asked), reads())
    .post('/api/v1/admin/reports/:id/resolve', closed(ctx, true), writes())
    .post('/api/v1/admin/reports/:id/reopen', closed(ctx, false), writes());

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'admin:read:reports', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'admin:write:reports', parse: 'none' }) as const;

/** The account that a list is about; what names none finds nothing, 0 is nobody's id. */
function askedFor(value: unknown): number | undefined {
  if (value === undefined || value === '') return undefined;
  return parseId(String(value)) ?? 0;
}

type Asked = { request: Request; params: { id: string }; viewer: Viewer };

const closed =
  (ctx: Context, isClosed: boolean) =>
  (asked: Asked): Response => {
    asAdmin(asked.viewer);
    const id = parseId(asked.params.id);
    if (id === null) throw notFound(asked.request);
    closeReport(ctx, asked.viewer, id, isClosed);
    return show(ctx, asked);
  };

function show(ctx: Context, { request, params, viewer }: Asked): Response {
  asAdmin(viewer);
  const id = parseId(params.id);
  const row = id === null ? null : findReport(ctx.db, id);
  if (!row) throw notFound(request);
  return Response.json(adminReportsJson(ctx, viewer, [row])[0]);
}
