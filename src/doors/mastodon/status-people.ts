import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listReactors } from '#domain/posts/reaction-queries.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { readPage } from '#doors/http/links.ts';
import { accountPage, statusOr404 } from './answers.ts';

/** Who liked a post, and who boosted it. */
export const statusPeople = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.status-people' })
    .use(authPlugin(ctx))
    .get('/api/v1/statuses/:id/favourited_by', list(ctx, 'likes'), {
      caller: 'read:accounts',
      parse: 'none',
    })
    .get('/api/v1/statuses/:id/reblogged_by', list(ctx, 'shares'), {
      caller: 'read:accounts',
      parse: 'none',
    });

type ListRequest = { request: Request; params: { id: string }; viewer: Viewer | null };

const list =
  (ctx: Context, kind: 'likes' | 'shares') =>
  ({ request, params, viewer }: ListRequest) => {
    const status = statusOr404(ctx, request, viewer, parseId(params.id));
    const page = readPage(readQuery(request), { default: 40, max: 80 });
    const postId = Number(status.reblog?.id ?? status.id);
    return accountPage(ctx, request, page, listReactors(ctx, viewer, kind, postId, page));
  };
