import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { readOverview } from './read-overview.ts';

/** `/admin`: how the place is, and what needs somebody. */
export const adminOverview = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-overview' })
    .use(authPlugin(ctx))
    .get('/admin', ({ request, caller }) => showPage(ctx, request, draw(ctx), { caller }), {
      admin: true,
      parse: 'none',
    });

function draw(ctx: Context): PageContent {
  const props = { section: 'overview' as const, overview: readOverview(ctx) };
  return { page: 'admin', title: 'Admin', props };
}
