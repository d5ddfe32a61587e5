import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { findProfile, nameParams } from './find-profile.ts';

/** The follow button of a profile without a script. */
export const follow = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.follow' })
    .use(authPlugin(ctx))
    .post(
      '/@:name/follow',
      ({ request, params, viewer }) => {
        const account = findProfile(ctx, request, viewer, params.name);
        followAccount(ctx, viewer, account.id);
        return redirectTo(ctx, request, `/@${account.username}`);
      },
      { signedIn: 'write:follows', parse: 'none', params: nameParams },
    )
    .post(
      '/@:name/unfollow',
      ({ request, params, viewer }) => {
        const account = findProfile(ctx, request, viewer, params.name);
        unfollowAccount(ctx, viewer, account.id);
        return redirectTo(ctx, request, `/@${account.username}`);
      },
      { signedIn: 'write:follows', parse: 'none', params: nameParams },
    );
