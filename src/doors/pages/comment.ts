import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { parseInput } from '#doors/http/fields.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { safeNext } from '#doors/http/links.ts';
import { findPagePost, pathOf, postParams } from './find-profile.ts';
import { formText } from './form-fields.ts';

const commentSchema = v.object({ caption: formText(), next: formText() });

/** The form below a post, and those below each comment, which lead back to the post (`next`). */
export const comment = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.comment' }).use(authPlugin(ctx)).post(
    '/@:name/:id/comment',
    async ({ request, params, viewer }) => {
      const post = findPagePost(ctx, request, viewer, params);
      const { caption, next } = parseInput(commentSchema, await readBody(request));
      const inReplyToId = Number(post.id);
      const made = publishPost(ctx, viewer, { caption, mediaIds: [], inReplyToId });
      const path = next === '' ? pathOf(post) : safeNext(next);
      return redirectTo(ctx, request, `${path}#comment-${made.id}`);
    },
    { signedIn: 'write:statuses', parse: 'none', params: postParams },
  );
