import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { markConversation, othersOf, readConversation } from '#domain/messages/conversation.ts';
import {
  type ConversationRow,
  listConversations,
  listMessageIds,
} from '#domain/messages/queries.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { MessagesPage, ThreadPage } from '#doors/entities/social-page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { filterPosts } from './filter-posts.ts';
import { acctOf } from './find-profile.ts';
import { formText } from './form-fields.ts';
import { readSlice } from './page-slices.ts';

const CONVERSATIONS = 30;
const MESSAGES = 40;
const sendSchema = v.object({ to: formText(), text: formText() });

/** `/messages`: direct messages by the people they are with; `/messages/ID` reads and answers one. */
export const messages = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.messages' })
    .use(authPlugin(ctx))
    .get(
      '/messages',
      ({ request, caller, viewer }) => {
        const { to } = readQuery(request);
        const props = listPage(ctx, viewer, request, typeof to === 'string' ? to : '');
        return showPage(ctx, request, { page: 'messages', title: 'Messages', props }, { caller });
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .get(
      '/messages/:id',
      ({ request, params, caller, viewer }) => {
        const row = readConversation(ctx, viewer, parseId(params.id));
        if (row.unread !== 0) markConversation(ctx, viewer, row.id, false);
        const props = threadPage(ctx, viewer, request, row);
        return showPage(ctx, request, { page: 'thread', title: 'Messages', props }, { caller });
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .post(
      '/messages',
      async ({ request, viewer }) => {
        const { to, text } = v.parse(sendSchema, await readBody(request));
        const names = to.split(/[\s,]+/).filter((name) => name !== '');
        const path = `/messages?to=${encodeURIComponent(to)}`;
        if (names.length === 0) return refuse(ctx, request, path, 'Say who gets the message.');
        return send(ctx, request, viewer, { names, text, inReplyToId: null, path });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    )
    .post(
      '/messages/:id',
      async ({ request, params, viewer }) => {
        const row = readConversation(ctx, viewer, parseId(params.id));
        const { text } = v.parse(sendSchema, await readBody(request));
        const names = [...findAccounts(ctx.db, othersOf(row)).values()].map(acctOf);
        const path = `/messages/${row.id}`;
        return send(ctx, request, viewer, { names, text, inReplyToId: row.lastPostId, path });
      },
      { signedIn: 'write:statuses', parse: 'none' },
    );

type Sending = { names: string[]; text: string; inReplyToId: number | null; path: string };

function refuse(ctx: Context, request: Request, path: string, text: string): Response {
  return redirectTo(ctx, request, path, { kind: 'problem', text });
}

/** A message is a post for the people whom it names, so the names that are missing are put before it. */
function send(
  ctx: Context,
  request: Request,
  viewer: Viewer,
  { names, text, inReplyToId, path }: Sending,
): Response {
  if (text.trim() === '') return refuse(ctx, request, path, 'Write something first.');
  const said = text.toLowerCase();
  const missing = names
    .map((name) => `@${name.replace(/^@/, '')}`)
    .filter((name) => !said.includes(name.toLowerCase()));
  const caption = [...missing, text].join(' ');
  try {
    publishPost(ctx, viewer, { caption, mediaIds: [], visibility: 'direct', inReplyToId });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse(ctx, request, path, error.message);
  }
  const [newest] = listConversations(ctx.db, viewer.id, {
    ...{ limit: 1, maxId: null, minId: null, sinceId: null },
  });
  // Somebody of another server who is looked for first has no conversation yet.
  return redirectTo(ctx, request, newest ? `/messages/${newest.id}#end` : '/messages');
}

function listPage(ctx: Context, viewer: Viewer, request: Request, to: string): MessagesPage {
  const page = { ...readPage(readQuery(request)), limit: CONVERSATIONS };
  const rows = new Map<number, ConversationRow>();
  const { ids, newer, older } = readSlice('/messages', page, (slice) =>
    listConversations(ctx.db, viewer.id, slice).map((row) => {
      rows.set(row.lastPostId ?? 0, row);
      return row.lastPostId ?? 0;
    }),
  );
  const shown = ids.flatMap((id) => rows.get(id) ?? []);
  const people = peopleOf(ctx, shown);
  const readable = statusesByIds(ctx, viewer, ids);
  const left = filterPosts(ctx, viewer, 'thread', readable);
  const last = new Map(left.map((post) => [Number(post.id), post]));
  return {
    conversations: shown.map((row) => ({
      id: String(row.id),
      people: othersOf(row).flatMap((id) => people.get(id) ?? []),
      last: last.get(row.lastPostId ?? 0) ?? null,
      unread: row.unread !== 0,
    })),
    to: to.slice(0, 200),
    newer,
    older,
  };
}

function threadPage(
  ctx: Context,
  viewer: Viewer,
  request: Request,
  row: ConversationRow,
): ThreadPage {
  const page = { ...readPage(readQuery(request)), limit: MESSAGES };
  const { ids, newer, older } = readSlice(`/messages/${row.id}`, page, (slice) =>
    listMessageIds(ctx.db, row.id, slice),
  );
  const people = peopleOf(ctx, [row]);
  return {
    id: String(row.id),
    people: othersOf(row).flatMap((id) => people.get(id) ?? []),
    messages: filterPosts(ctx, viewer, 'thread', statusesByIds(ctx, viewer, ids)).reverse(),
    newer,
    older,
  };
}

function peopleOf(ctx: Context, rows: readonly ConversationRow[]): Map<number, AccountJson> {
  const found: AccountRow[] = [
    ...findAccounts(ctx.db, [...new Set(rows.flatMap(othersOf))]).values(),
  ];
  return new Map(accountsJson(ctx, found).map((account) => [Number(account.id), account]));
}
