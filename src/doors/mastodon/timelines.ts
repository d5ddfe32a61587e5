import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import { publicTimeline } from '#domain/timelines/public.ts';
import { tagTimeline } from '#domain/timelines/tag.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { isTrue, parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { statusPage } from './answers.ts';
import { tagsSchema } from './relations-input.ts';

/** Lists of posts, newest first. */
export const timelines = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.timelines' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/timelines/home',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request));
        const ids = homeTimeline(ctx, viewer, page);
        return statusPage(ctx, request, viewer, page, ids, ids, 'home');
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/timelines/public',
      ({ request, viewer }) => {
        const query = readQuery(request);
        const page = readPage(query);
        const filter = { onlyMedia: isTrue(query.only_media), ...originOf(query) };
        const ids = publicTimeline(ctx, viewer, page, filter);
        return statusPage(ctx, request, viewer, page, ids, ids, 'public');
      },
      { caller: 'read:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/timelines/tag/:tag',
      ({ request, params, viewer }) => {
        const query = readQuery(request);
        const page = readPage(query);
        const ids = tagTimeline(ctx, viewer, params.tag, page, {
          ...originOf(query),
          onlyMedia: isTrue(query.only_media),
          ...parseInput(tagsSchema, query),
        });
        return statusPage(ctx, request, viewer, page, ids, ids, 'public');
      },
      { caller: 'read:statuses', parse: 'none' },
    );

function originOf(query: ReturnType<typeof readQuery>): { local: boolean; remote: boolean } {
  return { local: isTrue(query.local), remote: isTrue(query.remote) };
}
