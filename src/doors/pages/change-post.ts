import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { archivePost, restorePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { pinPost, unpinPost } from '#domain/posts/pin.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { findOwnPagePost, pathOf, postParams } from './find-profile.ts';

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const writes = () => ({ signedIn: 'write:statuses', parse: 'none', params: postParams }) as const;

/** The buttons of a post's menu: delete, put away, show again, pin and unpin. */
export const changePost = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.change-post' })
    .use(authPlugin(ctx))
    .post(
      '/@:name/:id/delete',
      ({ request, params, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        const after = pageAfter(ctx, viewer, post);
        deletePost(ctx, viewer, Number(post.id));
        const text = post.pf_type === 'reply' ? 'The comment is deleted.' : 'The post is deleted.';
        return redirectTo(ctx, request, after, { kind: 'done', text });
      },
      writes(),
    )
    .post(
      '/@:name/:id/archive',
      ({ request, params, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        archivePost(ctx, viewer, Number(post.id));
        const text = 'The post is archived: only you see it now.';
        return redirectTo(ctx, request, pathOf(post), { kind: 'done', text });
      },
      writes(),
    )
    .post(
      '/@:name/:id/restore',
      ({ request, params, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        restorePost(ctx, viewer, Number(post.id));
        const text = 'The post is back where it was.';
        return redirectTo(ctx, request, pathOf(post), { kind: 'done', text });
      },
      writes(),
    )
    .post(
      '/@:name/:id/pin',
      ({ request, params, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        pinPost(ctx, viewer.id, Number(post.id));
        const text = 'The post is at the top of your profile.';
        return redirectTo(ctx, request, pathOf(post), { kind: 'done', text });
      },
      writes(),
    )
    .post(
      '/@:name/:id/unpin',
      ({ request, params, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        unpinPost(ctx, viewer.id, Number(post.id));
        const text = 'The post is back in its row.';
        return redirectTo(ctx, request, pathOf(post), { kind: 'done', text });
      },
      writes(),
    );

/** Where to go when a post is gone: to what it answered, else to the profile. */
function pageAfter(ctx: Context, viewer: Viewer, post: StatusJson): string {
  const above = post.in_reply_to_id === null ? [] : [Number(post.in_reply_to_id)];
  const [parent] = statusesByIds(ctx, viewer, above);
  return parent ? `${pathOf(parent)}#comments` : `/@${post.account.username}`;
}
