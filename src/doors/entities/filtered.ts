import type { Context } from '#base/context.ts';
import { type FilterMatch, hasFilters, hides, matchFilters } from '#domain/filters/match.ts';
import type { FilterContext } from '#domain/filters/queries.ts';
import type { Filter } from '#domain/filters/reading.ts';
import { dateTime } from './dates.ts';
import type { FilterJson, FilterResultJson, StatusJson } from './types.ts';

/** A filter as a post tells of it: without its words and posts. */
export function filterJson(filter: Filter): FilterJson {
  return {
    id: String(filter.id),
    title: filter.title,
    context: filter.contexts,
    expires_at: filter.expiresAt === null ? null : dateTime(filter.expiresAt),
    filter_action: filter.action,
  };
}

/**
 * Posts as the viewer's filters leave them: what is to be hidden in this place is gone (null: nothing
 * is), the rest says in `filtered` which filters it meets. Own posts are never filtered.
 */
export function applyFilters(
  ctx: Context,
  viewer: { id: number } | null,
  context: FilterContext | null,
  statuses: StatusJson[],
): StatusJson[] {
  if (viewer === null || statuses.length === 0 || !hasFilters(ctx, viewer)) return statuses;
  return statuses.flatMap((status) => {
    const shown = status.reblog ?? status;
    if (shown.account.id === String(viewer.id)) return [status];
    const matches = matchFilters(ctx, viewer, wordsOf(status, shown));
    if (context !== null && matches.some((match) => hides(match, context))) return [];
    if (matches.length === 0) return [status];
    const filtered = matches.map(resultJson);
    const inner = status.reblog ? { reblog: { ...status.reblog, filtered } } : {};
    return [{ ...status, ...inner, filtered }];
  });
}

function wordsOf(status: StatusJson, shown: StatusJson) {
  return {
    ids: [...new Set([Number(status.id), Number(shown.id)])],
    texts: [
      shown.content_text ?? '',
      shown.spoiler_text,
      ...shown.media_attachments.map((photo) => photo.description ?? ''),
      ...shown.tags.map((tag) => `#${tag.name}`),
    ],
  };
}

function resultJson({ filter, keywords, postIds }: FilterMatch): FilterResultJson {
  return {
    filter: filterJson(filter),
    keyword_matches: keywords.length === 0 ? null : keywords,
    status_matches: postIds.length === 0 ? null : postIds.map(String),
  };
}
