import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { foldTag } from '#domain/posts/caption.ts';
import { findTagMarks, findTags } from '#domain/posts/followed-tag-queries.ts';
import { followTag, unfollowTag } from '#domain/posts/followed-tags.ts';
import { tagTimeline } from '#domain/timelines/tag.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { readShown } from './shown-slice.ts';
import { keepForStrangers } from './stranger-cache.ts';

const POSTS = 20;

/** `/tags/TAG`: the newest public posts with a tag, where the hashtags of captions lead. */
export const tag = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.tag' })
    .use(authPlugin(ctx))
    .post('/tags/:tag/follow', change(ctx, followTag), {
      signedIn: 'write:follows',
      parse: 'none',
    })
    .post('/tags/:tag/unfollow', change(ctx, unfollowTag), {
      signedIn: 'write:follows',
      parse: 'none',
    })
    .get(
      '/tags/:tag',
      ({ request, params, caller, viewer }) =>
        keepForStrangers(ctx, request, caller, () => {
          const name = foldTag(params.tag);
          const page = { ...readPage(readQuery(request)), limit: POSTS };
          const base = `/tags/${encodeURIComponent(name)}`;
          const { posts, newer, older } = readShown(ctx, viewer, 'public', base, page, (slice) =>
            tagTimeline(ctx, viewer, name, slice),
          );
          const props = {
            ...{ posts, everybody: [], heading: `#${name}`, tab: 'tag' as const, newer, older },
            ...{ tag: { name, following: following(ctx, viewer, name) }, federating: true },
          };
          const content = { page: 'home' as const, title: `#${name}`, props };
          return showPage(ctx, request, content, { cache: 'public', caller });
        }),
      { caller: 'read:statuses', parse: 'none' },
    );

type Asked = { request: Request; params: { tag: string }; viewer: Viewer };

const change =
  (ctx: Context, act: typeof followTag) =>
  ({ request, params, viewer }: Asked) => {
    const { name } = act(ctx, viewer, params.tag);
    return redirectTo(ctx, request, `/tags/${encodeURIComponent(name)}`);
  };

function following(ctx: Context, viewer: Viewer | null, name: string): boolean | null {
  if (viewer === null) return null;
  const ids = findTags(ctx.db, [name]).map(({ id }) => id);
  return [...findTagMarks(ctx.db, viewer.id, ids).values()].some((marks) => (marks & 1) !== 0);
}
