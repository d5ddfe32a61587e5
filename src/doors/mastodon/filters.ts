import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { addFilter, changeFilter, removeFilter } from '#domain/filters/change.ts';
import { type Filter, listFilters, readFilter } from '#domain/filters/reading.ts';
import { filterJson } from '#doors/entities/filtered.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { readFilterInput } from './filter-input.ts';
import { keywordJson, postJson } from './filter-parts.ts';

/** Filters of the second version (docs.joinmastodon.org/methods/filters). */
export const filters = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.filters' })
    .use(authPlugin(ctx))
    .get(
      '/api/v2/filters',
      ({ viewer }) => Response.json(listFilters(ctx, viewer).map(wholeFilter)),
      reads(),
    )
    .post(
      '/api/v2/filters',
      async ({ request, viewer }) =>
        Response.json(
          wholeFilter(addFilter(ctx, viewer, readFilterInput(await readBody(request)))),
        ),
      writes(),
    )
    .get(
      '/api/v2/filters/:id',
      ({ viewer, params }) =>
        Response.json(wholeFilter(readFilter(ctx, viewer, parseId(params.id)))),
      reads(),
    )
    .put(
      '/api/v2/filters/:id',
      async ({ request, viewer, params }) => {
        const input = readFilterInput(await readBody(request));
        return Response.json(wholeFilter(changeFilter(ctx, viewer, parseId(params.id), input)));
      },
      writes(),
    )
    .delete(
      '/api/v2/filters/:id',
      ({ viewer, params }) => {
        removeFilter(ctx, viewer, parseId(params.id));
        return Response.json({});
      },
      writes(),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:filters', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:filters', parse: 'none' }) as const;

function wholeFilter(filter: Filter) {
  return {
    ...filterJson(filter),
    keywords: filter.keywords.map(keywordJson),
    statuses: filter.posts.map(postJson),
  };
}
