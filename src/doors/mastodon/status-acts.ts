import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { bookmarkPost, unbookmarkPost } from '#domain/posts/bookmark.ts';
import { likePost, unlikePost } from '#domain/posts/like.ts';
import { muteThread, unmuteThread } from '#domain/posts/mute-thread.ts';
import { pinPost, unpinPost } from '#domain/posts/pin.ts';
import { sharePost, unsharePost } from '#domain/posts/share.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { parseInput, textField } from '#doors/http/fields.ts';
import { statusOr404 } from './answers.ts';

export const boostSchema = v.object({ visibility: v.nullish(textField(20)) });

type Act = (ctx: Context, viewer: Viewer, postId: number) => unknown;
type ActRequest = { request: Request; params: { id: string }; viewer: Viewer };

/** What a person does to somebody's post: each answers the post as it is then. */
export const statusActs = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.status-acts' })
    .use(authPlugin(ctx))
    .post('/api/v1/statuses/:id/favourite', acted(ctx, by(likePost)), needs('favourites'))
    .post('/api/v1/statuses/:id/unfavourite', acted(ctx, by(unlikePost)), needs('favourites'))
    .post('/api/v1/statuses/:id/bookmark', acted(ctx, bookmarkPost), needs('bookmarks'))
    .post('/api/v1/statuses/:id/unbookmark', acted(ctx, unbookmarkPost), needs('bookmarks'))
    .post('/api/v1/statuses/:id/mute', acted(ctx, muteThread), needs('mutes'))
    .post('/api/v1/statuses/:id/unmute', acted(ctx, unmuteThread), needs('mutes'))
    .post('/api/v1/statuses/:id/pin', acted(ctx, by(pinPost)), needs('accounts'))
    .post('/api/v1/statuses/:id/unpin', acted(ctx, by(unpinPost)), needs('accounts'))
    .post(
      '/api/v1/statuses/:id/reblog',
      async ({ request, params, viewer }) => {
        const postId = actedId(ctx, request, viewer, params.id);
        const { visibility } = parseInput(boostSchema, await readBody(request));
        const quiet = visibility === 'unlisted' ? { visibility: 'unlisted' as const } : {};
        const share = sharePost(ctx, viewer.id, postId, quiet);
        // The boost with the post in it: apps read the post out of it.
        return Response.json(statusOr404(ctx, request, viewer, share?.shareId ?? postId));
      },
      needs('statuses'),
    )
    .post('/api/v1/statuses/:id/unreblog', acted(ctx, by(unsharePost)), needs('statuses'));

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const needs = (what: string) => ({ signedIn: `write:${what}`, parse: 'none' }) as const;

/** The domain's verbs speak of accounts of every server. */
const by =
  (verb: (ctx: Context, accountId: number, postId: number) => unknown): Act =>
  (ctx, viewer, postId) =>
    verb(ctx, viewer.id, postId);

const acted =
  (ctx: Context, act: Act) =>
  ({ request, params, viewer }: ActRequest) => {
    const postId = actedId(ctx, request, viewer, params.id);
    act(ctx, viewer, postId);
    return Response.json(statusOr404(ctx, request, viewer, postId));
  };

/** The post that is meant: apps may also name a boost of it. */
function actedId(ctx: Context, request: Request, viewer: Viewer, text: string): number {
  const status = statusOr404(ctx, request, viewer, parseId(text));
  return Number(status.reblog?.id ?? status.id);
}
