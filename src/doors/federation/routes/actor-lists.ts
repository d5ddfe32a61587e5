import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { readPostsByIds } from '#domain/posts/reading.ts';
import { listPeople } from '#domain/relationships/reading.ts';
import { actorId } from '#doors/federation/documents/actor-id.ts';
import {
  collection,
  collectionPage,
  wholeCollection,
} from '#doors/federation/documents/collections.ts';
import { contexts, withoutContext } from '#doors/federation/documents/context.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { noteDocuments } from '#doors/federation/documents/note.ts';
import { findNamed } from '#doors/federation/documents/queries.ts';
import { notFound } from '#doors/http/errors.ts';
import { cacheOf } from './answer-actor.ts';
import { activityResponse } from './negotiate.ts';
import { openActor } from './open-actor.ts';
import { readStart } from './page-start.ts';
import { listFeaturedIds } from './queries.ts';
import type { Reader } from './reader.ts';

const ITEMS = 40;
type Kind = 'followers' | 'following';

/** Lists of an account: `/users/name/followers`, `…/following` and `…/featured` (its pinned posts). */
export const actorLists = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'federation.actor-lists' })
    .get(
      '/users/:name/followers',
      ({ request, params }) => head(ctx, request, params.name, 'followers'),
      {
        parse: 'none',
      },
    )
    .get(
      '/users/:name/following',
      ({ request, params }) => head(ctx, request, params.name, 'following'),
      {
        parse: 'none',
      },
    )
    .get(
      '/users/:name/followers/:start',
      ({ request, params }) => page(ctx, request, params, 'followers'),
      {
        parse: 'none',
      },
    )
    .get(
      '/users/:name/following/:start',
      ({ request, params }) => page(ctx, request, params, 'following'),
      {
        parse: 'none',
      },
    )
    .get('/users/:name/featured', ({ request, params }) => featured(ctx, request, params.name), {
      parse: 'none',
    })
    // Where Mastodon has it, and some look without having read the actor.
    .get(
      '/users/:name/collections/featured',
      ({ request, params }) => featured(ctx, request, params.name),
      { parse: 'none' },
    );

/** Who belongs to whom in a family is nobody's business, nor is it of who hides it. */
function isHidden(reader: Reader, account: AccountRow): boolean {
  return reader.closed || account.hideCollections !== 0;
}

async function head(ctx: Context, request: Request, name: string, kind: Kind): Promise<Response> {
  const { reader, account } = await openActor(ctx, request, name);
  const count = kind === 'followers' ? account.followersCount : account.followingCount;
  const document = collection(idsOf(ctx.config)[kind](account.username), 'OrderedCollection', {
    totalItems: reader.closed ? null : count,
    paged: !isHidden(reader, account),
  });
  return activityResponse(request, document, { cache: cacheOf(reader) });
}

async function page(
  ctx: Context,
  request: Request,
  params: { name: string; start: string },
  kind: Kind,
): Promise<Response> {
  const { reader, account } = await openActor(ctx, request, params.name);
  const at = readStart(request, params.start);
  if (isHidden(reader, account)) throw notFound(request);
  const ids = listPeople(ctx.db, kind, account.id, {
    limit: ITEMS,
    maxId: at === 0 ? null : at,
    sinceId: null,
    minId: null,
  });
  const named = findNamed(ctx.db, ids);
  const items = ids.flatMap((id) => {
    const each = named.get(id);
    return each ? [actorId(ctx.config, each)] : [];
  });
  const next = ids.length < ITEMS ? null : (ids.at(-1) ?? null);
  const list = idsOf(ctx.config)[kind](account.username);
  const document = collectionPage(list, 'OrderedCollection', { at, next, items });
  return activityResponse(request, document, { cache: cacheOf(reader) });
}

async function featured(ctx: Context, request: Request, name: string): Promise<Response> {
  const { reader, account } = await openActor(ctx, request, name);
  const ids = reader.closed ? [] : listFeaturedIds(ctx.db, account.id);
  const notes = noteDocuments(ctx, readPostsByIds(ctx, null, ids)).map(withoutContext);
  const id = idsOf(ctx.config).featured(account.username);
  return activityResponse(request, wholeCollection(id, notes, contexts.note), {
    cache: cacheOf(reader),
  });
}
