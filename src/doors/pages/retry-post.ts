import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { retryDeliveries } from '#doors/federation/outbound/deliveries-of-post.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { findOwnPagePost, pathOf, postParams } from './find-profile.ts';

/** The button of the panel "Where it went": POST `/@name/ID/deliveries` sends again what has not arrived. */
export const retryPost = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.retry-post' }).use(authPlugin(ctx)).post(
    '/@:name/:id/deliveries',
    ({ request, params, viewer }) => {
      const post = findOwnPagePost(ctx, request, viewer, params);
      retryDeliveries(ctx, { postId: Number(post.id) });
      const text = 'It is sent again now.';
      return redirectTo(ctx, request, `${pathOf(post)}#deliveries`, { kind: 'done', text });
    },
    { signedIn: 'write:statuses', parse: 'none', params: postParams },
  );
