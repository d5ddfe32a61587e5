import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { contexts } from './context.ts';

type Kind = 'Collection' | 'OrderedCollection';

/**
 * The head of a list. `totalItems` null: not even the number is told; `paged`: its first page lies at
 * `<id>/0`: addresses without `?`, which some servers leave out of their signatures.
 */
export function collection(
  id: string,
  type: Kind,
  how: { totalItems: number | null; paged: boolean },
): JsonObject {
  return {
    '@context': contexts.plain,
    id,
    type,
    ...(how.totalItems === null ? {} : { totalItems: how.totalItems }),
    ...(how.paged ? { first: `${id}/0` } : {}),
  };
}

/** One page of a list; `at` is where it begins, `next` where the following one does (null: the last). */
export function collectionPage(
  id: string,
  type: Kind,
  page: { at: number; next: number | null; items: JsonValue[]; context?: JsonValue },
): JsonObject {
  return {
    '@context': page.context ?? contexts.plain,
    id: `${id}/${page.at}`,
    type: `${type}Page`,
    partOf: id,
    ...(page.next === null ? {} : { next: `${id}/${page.next}` }),
    [type === 'Collection' ? 'items' : 'orderedItems']: page.items,
  };
}

/** A list that is told whole. */
export function wholeCollection(id: string, items: JsonValue[], context: JsonValue): JsonObject {
  return {
    '@context': context,
    id,
    type: 'OrderedCollection',
    totalItems: items.length,
    orderedItems: items,
  };
}
