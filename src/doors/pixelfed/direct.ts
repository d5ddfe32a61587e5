import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { markConversation } from '#domain/messages/conversation.ts';
import { findConversationWith, listMessageIds } from '#domain/messages/queries.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { findBlocksBetween } from '#domain/relationships/block-queries.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { idField, parseInput, textField } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { findFriends } from './people-queries.ts';
import { seenAccount } from './seen.ts';

/** Longer than anything that is taken: the domain's own sentence about length is the better one. */
const LONG = 100_000;

/** What POST /api/v1.1/direct/thread/send takes. */
export const messageSchema = v.object({
  to_id: idField(),
  message: textField(LONG),
  type: v.optional(v.picklist(['text', 'emoji'], 'must be text'), 'text'),
});
const messageIdSchema = v.object({ id: idField() });
const personSchema = v.object({ pid: idField() });

/** Direct messages with one person as Pixelfed's apps show them: posts that only the two can see. */
export const directApi = (ctx: Context): AnyElysia => {
  let app = new Elysia({ name: 'pixelfed.direct' }) as AnyElysia;
  for (const start of ['/api/v1.1/direct', '/api/pixelfed/v1/direct']) {
    app = app.use(routesAt(ctx, start));
  }
  return app;
};

const routesAt = (ctx: Context, start: string): AnyElysia =>
  new Elysia({ name: `pixelfed.direct${start}` })
    .use(authPlugin(ctx))
    .get(
      `${start}/thread`,
      async ({ request, viewer }) => {
        const input = await readBody(request);
        const { pid } = parseInput(personSchema, input);
        const other = seenAccount(ctx, request, viewer, pid);
        const page = readPage(input, { default: 20 });
        const thread = findConversationWith(ctx.db, viewer.id, other.id);
        const ids = thread === null ? [] : listMessageIds(ctx.db, thread.id, page);
        return Response.json(threadJson(ctx, viewer, other, statusesByIds(ctx, viewer, ids)));
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .post(
      `${start}/thread/send`,
      async ({ request, viewer }) => {
        const said = parseInput(messageSchema, await readBody(request));
        const other = seenAccount(ctx, request, viewer, said.to_id);
        const post = publishPost(ctx, viewer, {
          caption: `@${handleOf(other)} ${requireWords(ctx, viewer, other, said.message)}`,
          mediaIds: [],
          visibility: 'direct',
        });
        const [status] = statusesByIds(ctx, viewer, [post.id]);
        if (!status) throw notFound(request);
        return Response.json(messageJson(viewer, other, status));
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .post(
      `${start}/thread/read`,
      async ({ request, viewer }) => {
        const { pid } = parseInput(personSchema, await readBody(request));
        const thread = findConversationWith(ctx.db, viewer.id, pid);
        markConversation(ctx, viewer, thread?.id ?? null, false);
        return Response.json({});
      },
      { signedIn: 'write:conversations', parse: 'none' },
    )
    .delete(
      `${start}/thread/message`,
      async ({ request, viewer }) => {
        const { id } = parseInput(messageIdSchema, await readBody(request));
        const [status] = statusesByIds(ctx, viewer, [id]);
        const mine = status?.account.id === String(viewer.id) && status.visibility === 'direct';
        if (!mine) throw notFound(request);
        deletePost(ctx, viewer, id);
        return Response.json([200]);
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .get(
      `${start}/compose/mutuals`,
      ({ viewer }) => {
        const ids = findFriends(ctx.db, viewer.id, 40);
        const rows = findAccounts(ctx.db, ids);
        const people = accountsJson(
          ctx,
          ids.flatMap((id) => rows.get(id) ?? []),
        );
        return Response.json(people.map((each) => ({ ...each, name: nameOf(each) })));
      },
      { signedIn: 'read:statuses', parse: 'none' },
    );

function requireWords(ctx: Context, viewer: Viewer, other: AccountRow, words: string): string {
  if (other.id === viewer.id) throw new AppError('invalid', 'Write to somebody else.');
  if (words.trim() === '') throw new AppError('invalid', 'Write something.');
  if (findBlocksBetween(ctx.db, viewer.id, [other.id]).length > 0) {
    throw new AppError('invalid', 'You cannot write to this person.');
  }
  return words;
}

function threadJson(ctx: Context, viewer: Viewer, other: AccountRow, statuses: StatusJson[]) {
  const [account] = accountsJson(ctx, [other]);
  const messages = statuses.map((status) => messageJson(viewer, other, status));
  return {
    id: String(other.id),
    name: account === undefined ? '' : nameOf(account),
    username: account?.acct ?? '',
    avatar: account?.avatar ?? '',
    url: account?.url ?? '',
    muted: false,
    isLocal: other.domain === null,
    domain: other.domain,
    timeAgo: '',
    lastMessage: messages[0]?.text ?? '',
    messages,
  };
}

function messageJson(viewer: Viewer, other: AccountRow, status: StatusJson) {
  const [media] = status.media_attachments;
  return {
    id: status.id,
    hidden: false,
    isAuthor: status.account.id === String(viewer.id),
    type: media === undefined ? 'text' : 'photo',
    text: withoutNames(status.content_text ?? '', [viewer.username, handleOf(other)]),
    media: media?.url ?? null,
    seen: true,
    reportId: status.id,
    created_at: status.created_at,
    timeAgo: status.created_at,
    meta: null,
  };
}

/** A message begins with the name of who gets it; the app shows who that is. */
function withoutNames(text: string, names: readonly string[]): string {
  const [first = ''] = text.split(/\s/, 1);
  const bare = first.replace(/^@/, '').toLowerCase();
  const named =
    first.startsWith('@') &&
    names.some((name) => bare.split('@')[0] === name.split('@')[0]?.toLowerCase());
  return named ? text.slice(first.length).trimStart() : text;
}

function handleOf(account: AccountRow): string {
  return account.domain === null ? account.username : `${account.username}@${account.domain}`;
}

function nameOf(account: { display_name: string; username: string }): string {
  return account.display_name === '' ? account.username : account.display_name;
}
