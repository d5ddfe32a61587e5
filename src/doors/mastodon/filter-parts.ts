import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  addFilterPost,
  addKeyword,
  changeKeyword,
  removeFilterPost,
  removeKeyword,
} from '#domain/filters/change.ts';
import type { FilterPostRow, KeywordRow } from '#domain/filters/queries.ts';
import { readFilter, readFilterPost, readKeyword } from '#domain/filters/reading.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { parseInput } from '#doors/http/fields.ts';
import { statusOr404 } from './answers.ts';
import { filterPostSchema, readKeywordInput } from './filter-input.ts';

type Asked = { request: Request; viewer: Viewer; params: { id: string } };

/** The words of filters. */
export const filterWords = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.filter-words' })
    .use(authPlugin(ctx))
    .get(
      '/api/v2/filters/:id/keywords',
      ({ viewer, params }) =>
        Response.json(readFilter(ctx, viewer, parseId(params.id)).keywords.map(keywordJson)),
      reads(),
    )
    .post(
      '/api/v2/filters/:id/keywords',
      async ({ request, viewer, params }: Asked) => {
        const input = readKeywordInput(await readBody(request));
        const id = addKeyword(ctx, viewer, parseId(params.id), input);
        return Response.json(keywordJson(readKeyword(ctx, viewer, id).keyword));
      },
      writes(),
    )
    .get(
      '/api/v2/filters/keywords/:id',
      ({ viewer, params }) =>
        Response.json(keywordJson(readKeyword(ctx, viewer, parseId(params.id)).keyword)),
      reads(),
    )
    .put(
      '/api/v2/filters/keywords/:id',
      async ({ request, viewer, params }: Asked) => {
        const id = parseId(params.id);
        changeKeyword(ctx, viewer, id, readKeywordInput(await readBody(request)));
        return Response.json(keywordJson(readKeyword(ctx, viewer, id).keyword));
      },
      writes(),
    )
    .delete(
      '/api/v2/filters/keywords/:id',
      ({ viewer, params }) => {
        removeKeyword(ctx, viewer, parseId(params.id));
        return Response.json({});
      },
      writes(),
    );

/** The single posts in filters. */
export const filterPosts = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.filter-posts' })
    .use(authPlugin(ctx))
    .get(
      '/api/v2/filters/:id/statuses',
      ({ viewer, params }) =>
        Response.json(readFilter(ctx, viewer, parseId(params.id)).posts.map(postJson)),
      reads(),
    )
    .post(
      '/api/v2/filters/:id/statuses',
      async ({ request, viewer, params }: Asked) => {
        const { status_id } = parseInput(filterPostSchema, await readBody(request));
        const status = statusOr404(ctx, request, viewer, status_id);
        const postId = Number(status.reblog?.id ?? status.id);
        const filterId = parseId(params.id);
        addFilterPost(ctx, viewer, filterId, postId);
        const { posts } = readFilter(ctx, viewer, filterId);
        return Response.json(posts.filter((each) => each.postId === postId).map(postJson)[0]);
      },
      writes(),
    )
    .get(
      '/api/v2/filters/statuses/:id',
      ({ viewer, params }) =>
        Response.json(postJson(readFilterPost(ctx, viewer, parseId(params.id)))),
      reads(),
    )
    .delete(
      '/api/v2/filters/statuses/:id',
      ({ viewer, params }) => {
        removeFilterPost(ctx, viewer, parseId(params.id));
        return Response.json({});
      },
      writes(),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:filters', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:filters', parse: 'none' }) as const;

/** A word of a filter as apps read it. */
export function keywordJson(row: KeywordRow) {
  return { id: String(row.id), keyword: row.keyword, whole_word: row.wholeWord !== 0 };
}

/** A post in a filter as apps read it. */
export function postJson(row: FilterPostRow) {
  return { id: String(row.id), status_id: String(row.postId) };
}
