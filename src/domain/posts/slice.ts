import type { Page } from '#base/core/page.ts';

/** The bounds of a page as SQL parameters. */
export type Bounds = { maxId: number; sinceId: number; limit: number };

/** Exclusive bounds for a query that orders by id; absent ones become the ends of the number line. */
export function bounds(page: Page): Bounds {
  return {
    maxId: page.maxId ?? Number.MAX_SAFE_INTEGER,
    sinceId: Math.max(page.sinceId ?? 0, page.minId ?? 0),
    limit: page.limit,
  };
}

/** `min_id` asks for the slice just above: read upwards, then shown newest first like any other. */
export function direction(page: Page): 'ASC' | 'DESC' {
  return page.minId !== null ? 'ASC' : 'DESC';
}

/** Ids as every list shows them: the newest first. */
export function newestFirst(rows: { id: number }[], page: Page): number[] {
  const ids = rows.map((row) => row.id);
  return page.minId !== null ? ids.reverse() : ids;
}

/** One page of two lists that each are in the order of a page (newest first), as one list. */
export function mergeNewest(one: number[], other: number[], page: Page): number[] {
  if (other.length === 0) return one;
  const all = [...one, ...other].sort((a, b) => b - a);
  return page.minId !== null ? all.slice(-page.limit) : all.slice(0, page.limit);
}
