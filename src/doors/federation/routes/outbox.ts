import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { readPostsByIds } from '#domain/posts/reading.ts';
import { announceActivity, createActivity } from '#doors/federation/documents/activities.ts';
import { collection, collectionPage } from '#doors/federation/documents/collections.ts';
import { contexts, withoutContext } from '#doors/federation/documents/context.ts';
import { idsOf, PUBLIC } from '#doors/federation/documents/ids.ts';
import { noteDocuments } from '#doors/federation/documents/note.ts';
import { findNamed } from '#doors/federation/documents/queries.ts';
import { notFound } from '#doors/http/errors.ts';
import { cacheOf } from './answer-actor.ts';
import { activityResponse } from './negotiate.ts';
import { openActor } from './open-actor.ts';
import { readStart } from './page-start.ts';
import { countOutbox, listOutbox, type OutboxRow } from './queries.ts';

/** Whole posts: ten with twenty photos each are quick to write, and no more than a few are ever read. */
const ITEMS = 10;

/** `/users/name/outbox`: what an account published and boosted for everybody, newest first. In a family that is nothing. */
export const outbox = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'federation.outbox' })
    .get(
      '/users/:name/outbox',
      async ({ request, params }) => {
        const { reader, account } = await openActor(ctx, request, params.name);
        const totalItems = reader.closed ? 0 : countOutbox(ctx.db, account.id);
        const id = idsOf(ctx.config).outbox(account.username);
        const head = collection(id, 'OrderedCollection', { totalItems, paged: !reader.closed });
        return activityResponse(request, head, { cache: cacheOf(reader) });
      },
      { parse: 'none' },
    )
    .get(
      '/users/:name/outbox/:start',
      async ({ request, params }) => {
        const { reader, account } = await openActor(ctx, request, params.name);
        const at = readStart(request, params.start);
        if (reader.closed) throw notFound(request);
        const before = at === 0 ? Number.MAX_SAFE_INTEGER : at;
        const rows = listOutbox(ctx.db, { accountId: account.id, before, limit: ITEMS });
        const next = rows.length < ITEMS ? null : (rows.at(-1)?.id ?? null);
        const id = idsOf(ctx.config).outbox(account.username);
        const items = itemsOf(ctx, account, rows);
        const page = { at, next, items, context: contexts.note };
        return activityResponse(request, collectionPage(id, 'OrderedCollection', page), {
          cache: cacheOf(reader),
        });
      },
      { parse: 'none' },
    );

function itemsOf(ctx: Context, account: AccountRow, rows: readonly OutboxRow[]): JsonObject[] {
  const ids = idsOf(ctx.config);
  const posts = readPostsByIds(
    ctx,
    null,
    rows.map((row) => row.postId),
  );
  const byId = new Map(posts.map((post) => [post.id, post]));
  const authors = findNamed(
    ctx.db,
    posts.map((post) => post.accountId),
  );
  const own = posts.filter((post) => post.accountId === account.id);
  const notes = new Map(noteDocuments(ctx, own).map((note) => [note.id, note]));
  return rows.flatMap((row) => {
    const post = byId.get(row.postId);
    const author = post && authors.get(post.accountId);
    if (!post || !author) return [];
    const uri = post.uri ?? ids.post(author.username, post.id);
    if (row.shared !== 0) return [withoutContext(boost(ctx, account, row, uri))];
    const note = notes.get(uri);
    return note ? [withoutContext(createActivity(note))] : [];
  });
}

function boost(ctx: Context, account: AccountRow, row: OutboxRow, object: string): JsonObject {
  const ids = idsOf(ctx.config);
  const followers = ids.followers(account.username);
  const everybody = row.visibility === 'public';
  return announceActivity({
    id: ids.share(account.username, row.id),
    actor: ids.actor(account.username),
    object,
    published: row.createdAt,
    to: [everybody ? PUBLIC : followers],
    cc: [everybody ? followers : PUBLIC],
  });
}
