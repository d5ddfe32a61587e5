import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { bookmarkPost, unbookmarkPost } from '#domain/posts/bookmark.ts';
import { likePost, unlikePost } from '#domain/posts/like.ts';
import { muteThread, unmuteThread } from '#domain/posts/mute-thread.ts';
import { sharePost, unsharePost } from '#domain/posts/share.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { safeNext } from '#doors/http/links.ts';
import { findPagePost, pathOf, postParams } from './find-profile.ts';
import { formText } from './form-fields.ts';

type Act = {
  scope: 'write:favourites' | 'write:statuses' | 'write:bookmarks' | 'write:mutes';
  run: (ctx: Context, viewer: Viewer, postId: number) => unknown;
  told?: string;
};

/** What one can do about a post, by the last word of the address. */
const ACTS: Readonly<Record<string, Act>> = {
  like: { scope: 'write:favourites', run: (ctx, viewer, id) => likePost(ctx, viewer.id, id) },
  unlike: { scope: 'write:favourites', run: (ctx, viewer, id) => unlikePost(ctx, viewer.id, id) },
  boost: { scope: 'write:statuses', run: (ctx, viewer, id) => sharePost(ctx, viewer.id, id) },
  unboost: { scope: 'write:statuses', run: (ctx, viewer, id) => unsharePost(ctx, viewer.id, id) },
  bookmark: { scope: 'write:bookmarks', run: bookmarkPost },
  unbookmark: { scope: 'write:bookmarks', run: unbookmarkPost },
  mute: {
    scope: 'write:mutes',
    run: muteThread,
    told: 'You hear no more of this conversation.',
  },
  unmute: {
    scope: 'write:mutes',
    run: unmuteThread,
    told: 'You hear of this conversation again.',
  },
};
const schema = v.object({ next: formText() });

/** The buttons under a post without a script: POST `/@name/ID/{like,unlike,boost,…}` {csrf, next}. */
export const react = (ctx: Context): AnyElysia => {
  let door: AnyElysia = new Elysia({ name: 'pages.react' }).use(authPlugin(ctx));
  for (const [name, act] of Object.entries(ACTS)) {
    door = door.post(
      `/@:name/:id/${name}`,
      async ({ request, params, viewer }) => {
        const post = findPagePost(ctx, request, viewer, params);
        const { next } = v.parse(schema, await readBody(request));
        act.run(ctx, viewer, Number(post.id));
        // Back to where the post stands in the page that it was pressed on.
        const path = next === '' ? pathOf(post) : safeNext(next);
        if (act.told === undefined) return redirectTo(ctx, request, `${path}#post-${post.id}`);
        return redirectTo(ctx, request, path, { kind: 'done', text: act.told });
      },
      { signedIn: act.scope, parse: 'none', params: postParams },
    );
  }
  return door;
};
