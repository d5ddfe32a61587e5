import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { addFilter, changeFilter, removeFilter, removeKeyword } from '#domain/filters/change.ts';
import type { KeywordRow } from '#domain/filters/queries.ts';
import { type Filter, listFilters, readKeyword } from '#domain/filters/reading.ts';
import { dateTime } from '#doors/entities/dates.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { readPhrase } from './filter-input.ts';

/** Filters of the first version: each word of a filter is one of its own. */
export const oldFilters = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.old-filters' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/filters',
      ({ viewer }) => Response.json(listFilters(ctx, viewer).flatMap(phrases)),
      reads(),
    )
    .post(
      '/api/v1/filters',
      async ({ request, viewer }) => {
        const { phrase, wholeWord, ...input } = readPhrase(await readBody(request));
        const made = addFilter(ctx, viewer, {
          ...input,
          keywords: [{ keyword: phrase, wholeWord }],
        });
        return Response.json(phrases(made)[0]);
      },
      writes(),
    )
    .get(
      '/api/v1/filters/:id',
      ({ viewer, params }) => {
        const { filter, keyword } = readKeyword(ctx, viewer, parseId(params.id));
        return Response.json(phraseJson(filter, keyword));
      },
      reads(),
    )
    .put(
      '/api/v1/filters/:id',
      async ({ request, viewer, params }) => {
        const id = parseId(params.id);
        const { phrase, wholeWord, title: _, ...input } = readPhrase(await readBody(request));
        const { filter, keyword } = readKeyword(ctx, viewer, id);
        changeFilter(ctx, viewer, filter.id, {
          ...input,
          keywords: [{ id: keyword.id, keyword: phrase, wholeWord }],
        });
        const changed = readKeyword(ctx, viewer, id);
        return Response.json(phraseJson(changed.filter, changed.keyword));
      },
      writes(),
    )
    .delete(
      '/api/v1/filters/:id',
      ({ viewer, params }) => {
        const { filter, keyword } = readKeyword(ctx, viewer, parseId(params.id));
        if (filter.keywords.length === 1) removeFilter(ctx, viewer, filter.id);
        else removeKeyword(ctx, viewer, keyword.id);
        return Response.json({});
      },
      writes(),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:filters', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:filters', parse: 'none' }) as const;

function phrases(filter: Filter) {
  return filter.keywords.map((keyword) => phraseJson(filter, keyword));
}

function phraseJson(filter: Filter, keyword: KeywordRow) {
  return {
    id: String(keyword.id),
    phrase: keyword.keyword,
    context: filter.contexts,
    expires_at: filter.expiresAt === null ? null : dateTime(filter.expiresAt),
    irreversible: filter.action === 'hide',
    whole_word: keyword.wholeWord !== 0,
  };
}
