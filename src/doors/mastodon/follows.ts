import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { answerRequest } from '#domain/relationships/answer-request.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { listPeople, readRelationships } from '#domain/relationships/reading.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import { relationshipJson } from '#doors/entities/relationship.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { idField, listField, parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { accountById } from './accounts.ts';
import { accountPage } from './answers.ts';
import { followSchema } from './relations-input.ts';
import { relationshipAnswer } from './relationship-answer.ts';

const idsSchema = v.object({ id: v.optional(listField(idField(), 80), []) });
// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:follows', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:follows', parse: 'none' }) as const;

/** Who follows whom, and who asks to. */
export const follows = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.follows' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/accounts/relationships',
      ({ request, viewer }) => {
        const { id } = parseInput(idsSchema, readQuery(request));
        return Response.json(readRelationships(ctx.db, viewer.id, id).map(relationshipJson));
      },
      reads(),
    )
    .post(
      '/api/v1/accounts/:id/follow',
      async ({ request, params, viewer }) => {
        const { id } = accountById(ctx, request, viewer, params.id);
        const { reblogs, notify } = parseInput(followSchema, await readBody(request));
        followAccount(ctx, viewer, id, { reblogs, notify });
        return relationshipAnswer(ctx, viewer, id);
      },
      writes(),
    )
    .post('/api/v1/accounts/:id/unfollow', change(ctx, unfollowAccount), writes())
    .post('/api/v1/accounts/:id/remove_from_followers', change(ctx, removeFollower), writes())
    .get(
      '/api/v1/follow_requests',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request), { default: 40, max: 80 });
        const ids = listPeople(ctx.db, 'requests', viewer.id, page);
        return accountPage(ctx, request, page, ids);
      },
      reads(),
    )
    .post(
      '/api/v1/follow_requests/:id/authorize',
      change(ctx, (_, viewer, id) => answerRequest(ctx, viewer, id, 'accept')),
      writes(),
    )
    .post(
      '/api/v1/follow_requests/:id/reject',
      change(ctx, (_, viewer, id) => answerRequest(ctx, viewer, id, 'reject')),
      writes(),
    );

type ChangeRequest = { request: Request; params: { id: string }; viewer: Viewer };

/** Does something to an account and answers how the viewer stands to it then. */
const change =
  (ctx: Context, act: (ctx: Context, viewer: Viewer, accountId: number) => void) =>
  ({ request, params, viewer }: ChangeRequest) => {
    const account = accountById(ctx, request, viewer, params.id);
    act(ctx, viewer, account.id);
    return relationshipAnswer(ctx, viewer, account.id);
  };
