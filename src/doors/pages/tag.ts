import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { tagTimeline } from '#domain/timelines/tag.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { readSlice } from './page-slices.ts';
import { keepForStrangers } from './stranger-cache.ts';

const POSTS = 20;

/** `/tags/TAG`: the newest public posts with a tag, where the hashtags of captions lead. */
export const tag = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.tag' }).use(authPlugin(ctx)).get(
    '/tags/:tag',
    ({ request, params, caller, viewer }) =>
      keepForStrangers(ctx, request, caller, () => {
        const name = foldTag(params.tag);
        const page = { ...readPage(readQuery(request)), limit: POSTS };
        const base = `/tags/${encodeURIComponent(name)}`;
        const { ids, newer, older } = readSlice(base, page, (slice) =>
          tagTimeline(ctx, viewer, name, slice),
        );
        const posts = statusesByIds(ctx, viewer, ids);
        const props = { posts, everybody: [], heading: `#${name}`, newer, older };
        const content = { page: 'home' as const, title: `#${name}`, props };
        return showPage(ctx, request, content, { cache: 'public', caller });
      }),
    { caller: 'read:statuses', parse: 'none' },
  );
