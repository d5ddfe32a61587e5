import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { reactionTotals, readFeatures } from '#domain/posts/interactions.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { isOpen } from '#domain/posts/visibility.ts';
import { collection, collectionPage } from '#doors/federation/documents/collections.ts';
import { idsOf, idsOfPost } from '#doors/federation/documents/ids.ts';
import { notFound } from '#doors/http/errors.ts';
import { cacheOf } from './answer-actor.ts';
import { answerPost, findReadable, type PostAddress } from './answer-post.ts';
import { activityResponse } from './negotiate.ts';
import { readStart } from './page-start.ts';
import { type ItemRow, listLikes, listReplies, listShares } from './queries.ts';
import { type Reader, readReader } from './reader.ts';

const ITEMS = 40;
const kinds = ['replies', 'likes', 'shares'] as const;
type Kind = (typeof kinds)[number];

const lists = { replies: listReplies, likes: listLikes, shares: listShares };

/**
 * What belongs to a post: the Create that brought it, its comments, likes and boosts. The lists are
 * only there for posts that everybody may see, and have only what everybody may see (T106).
 */
export const postParts = (ctx: Context): AnyElysia => {
  let door: AnyElysia = new Elysia({ name: 'federation.post-parts' }).get(
    '/users/:name/posts/:id/activity',
    ({ request, params }) => answerPost(ctx, request, params, 'activity'),
    { parse: 'none' },
  );
  for (const kind of kinds) {
    door = door
      .get(
        `/users/:name/posts/:id/${kind}`,
        ({ request, params }) => answerHead(ctx, request, params as PostAddress, kind),
        { parse: 'none' },
      )
      .get(
        `/users/:name/posts/:id/${kind}/:start`,
        ({ request, params }) =>
          answerPage(ctx, request, params as PostAddress & { start: string }, kind),
        { parse: 'none' },
      );
  }
  return door;
};

type Opened = { reader: Reader; post: PostRow; list: string };

async function open(
  ctx: Context,
  request: Request,
  address: PostAddress,
  kind: Kind,
): Promise<Opened> {
  const reader = await readReader(ctx, request);
  const post = findReadable(ctx, address, { ...reader, account: null });
  if (post === null || !isOpen(post.visibility)) throw notFound(request);
  return { reader, post, list: idsOfPost(idsOf(ctx.config).post(address.name, post.id))[kind] };
}

async function answerHead(
  ctx: Context,
  request: Request,
  address: PostAddress,
  kind: Kind,
): Promise<Response> {
  const { reader, post, list } = await open(ctx, request, address, kind);
  const totalItems = reactionTotals(post, readFeatures(ctx))[kind];
  const document = collection(list, 'Collection', { totalItems, paged: true });
  return activityResponse(request, document, { cache: cacheOf(reader) });
}

async function answerPage(
  ctx: Context,
  request: Request,
  address: PostAddress & { start: string },
  kind: Kind,
): Promise<Response> {
  const { reader, post, list } = await open(ctx, request, address, kind);
  const at = readStart(request, address.start);
  const features = readFeatures(ctx);
  const shown = { replies: features.comments, likes: features.likes, shares: features.boosts }[
    kind
  ];
  const rows = shown ? lists[kind](ctx.db, { postId: post.id, after: at, limit: ITEMS }) : [];
  const next = rows.length < ITEMS ? null : (rows.at(-1)?.id ?? null);
  const items = rows.map((row) => row.uri ?? ownUri(ctx, post, row, kind));
  const document = collectionPage(list, 'Collection', { at, next, items });
  return activityResponse(request, document, { cache: cacheOf(reader) });
}

/** Ids of what people of this instance did. */
function ownUri(ctx: Context, post: PostRow, row: ItemRow, kind: Kind): string {
  const ids = idsOf(ctx.config);
  if (kind === 'replies') return ids.post(row.username, row.id);
  return kind === 'likes' ? ids.like(row.username, post.id) : ids.share(row.username, row.id);
}
