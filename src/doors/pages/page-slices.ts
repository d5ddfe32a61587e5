import type { Page } from '#base/core/page.ts';

export type Slice = { ids: number[]; newer: string | null; older: string | null };

/**
 * One page of a list of ids with the addresses of its neighbours. One id more than fits is asked for,
 * so that no link leads to an empty page; whoever pages up to the top gets the first page.
 */
export function readSlice(base: string, page: Page, list: (page: Page) => number[]): Slice {
  const found = list({ ...page, limit: page.limit + 1 });
  const more = found.length > page.limit;
  if (page.minId !== null) {
    if (!more) return readSlice(base, { ...page, minId: null, maxId: null, sinceId: null }, list);
    return link(base, found.slice(1), true, true);
  }
  return link(base, found.slice(0, page.limit), page.maxId !== null, more);
}

function link(base: string, ids: number[], hasNewer: boolean, hasOlder: boolean): Slice {
  const [first] = ids;
  const last = ids.at(-1);
  // Past the end of a list there is still a way back to its beginning.
  if (first === undefined) return { ids, newer: hasNewer ? base : null, older: null };
  return {
    ids,
    newer: hasNewer ? `${base}?min_id=${first}` : null,
    older: hasOlder ? `${base}?max_id=${last}` : null,
  };
}
