import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  deleteConversation,
  markConversation,
  readConversation,
} from '#domain/messages/conversation.ts';
import { listConversations, listMessageIds } from '#domain/messages/queries.ts';
import { conversationsJson } from '#doors/entities/conversation.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { readPage } from '#doors/http/links.ts';
import { listPage, statusPage } from './answers.ts';

type Asked = { request: Request; viewer: Viewer; params: { id: string } };

/** Direct messages (docs.joinmastodon.org/methods/conversations). */
export const conversations = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.conversations' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/conversations',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request));
        const rows = listConversations(ctx.db, viewer.id, page);
        const cursors = rows.map((row) => row.lastPostId ?? 0);
        return listPage(ctx, request, page, cursors, conversationsJson(ctx, viewer, rows));
      },
      reads(),
    )
    // Ours: all messages with these people, in whichever threads they stand.
    .get(
      '/api/v1/tintype/conversations/:id/statuses',
      ({ request, viewer, params }) => {
        const page = readPage(readQuery(request));
        const { id } = readConversation(ctx, viewer, parseId(params.id));
        return statusPage(ctx, request, viewer, page, listMessageIds(ctx.db, id, page));
      },
      reads(),
    )
    .post('/api/v1/conversations/:id/read', marked(ctx, false), writes())
    .post('/api/v1/conversations/:id/unread', marked(ctx, true), writes())
    .delete(
      '/api/v1/conversations/:id',
      ({ viewer, params }) => {
        deleteConversation(ctx, viewer, parseId(params.id));
        return Response.json({});
      },
      writes(),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:statuses', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:conversations', parse: 'none' }) as const;

const marked =
  (ctx: Context, unread: boolean) =>
  ({ request, viewer, params }: Asked) => {
    const row = markConversation(ctx, viewer, parseId(params.id), unread);
    const [json] = conversationsJson(ctx, viewer, [row]);
    if (!json) throw notFound(request);
    return Response.json(json);
  };
