import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listKept } from '#domain/posts/reaction-queries.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { readPage } from '#doors/http/links.ts';
import { statusPage } from './answers.ts';

/** What the viewer liked and kept, the last first. */
export const kept = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.kept' })
    .use(authPlugin(ctx))
    .get('/api/v1/favourites', list(ctx, 'likes'), {
      signedIn: 'read:favourites',
      parse: 'none',
    })
    .get('/api/v1/bookmarks', list(ctx, 'bookmarks'), {
      signedIn: 'read:bookmarks',
      parse: 'none',
    });

const list =
  (ctx: Context, kind: 'likes' | 'bookmarks') =>
  ({ request, viewer }: { request: Request; viewer: Viewer }) => {
    const page = readPage(readQuery(request));
    const rows = listKept(ctx, viewer, kind, page);
    const ids = rows.map((row) => row.id);
    // The pages go on by when it was liked or kept, not by the post.
    const cursors = rows.map((row) => row.at);
    return statusPage(ctx, request, viewer, page, ids, cursors);
  };
