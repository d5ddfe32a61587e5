import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { answerRequest } from '#domain/relationships/answer-request.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { safeNext } from '#doors/http/links.ts';
import type { Notice } from '#doors/http/notice.ts';
import { findProfile, nameParams, profilePathOf } from './find-profile.ts';
import { formText } from './form-fields.ts';

const schema = v.object({ next: formText() });

type Act = (ctx: Context, viewer: Viewer, account: AccountRow) => Notice | undefined;

/** What one can do about somebody, by the last word of the address; each answers what is told afterwards. */
const ACTS: Readonly<Record<string, Act>> = {
  follow: (ctx, viewer, { id }) => {
    followAccount(ctx, viewer, id);
    return undefined;
  },
  unfollow: (ctx, viewer, { id }) => {
    unfollowAccount(ctx, viewer, id);
    return undefined;
  },
  'remove-follower': (ctx, viewer, { id }) => {
    removeFollower(ctx, viewer, id);
    return { kind: 'done', text: 'That person follows you no more.' };
  },
  accept: (ctx, viewer, row) => {
    answerRequest(ctx, viewer, row.id, 'accept');
    return { kind: 'done', text: `@${row.username} follows you now.` };
  },
  reject: (ctx, viewer, { id }) => {
    answerRequest(ctx, viewer, id, 'reject');
    return { kind: 'done', text: 'The request is turned down.' };
  },
};

/** The buttons about a person without a script: POST `/@name/{follow,unfollow,remove-follower,accept,reject}`. */
export const follow = (ctx: Context): AnyElysia => {
  const answer = async (
    act: Act,
    input: { request: Request; name: string; caller: SignedInCaller },
  ): Promise<Response> => {
    const { request, caller } = input;
    const account = findProfile(ctx, request, caller.viewer, input.name);
    const { next } = v.parse(schema, await readBody(request));
    const notice = act(ctx, caller.viewer, account);
    const path = next === '' ? profilePathOf(account) : safeNext(next);
    return redirectTo(ctx, request, path, notice);
  };
  let door: AnyElysia = new Elysia({ name: 'pages.follow' }).use(authPlugin(ctx));
  for (const [name, act] of Object.entries(ACTS)) {
    door = door.post(
      `/@:name/${name}`,
      ({ request, params, caller }) => answer(act, { request, name: params.name, caller }),
      { signedIn: 'write:follows', parse: 'none', params: nameParams },
    );
  }
  return door;
};
