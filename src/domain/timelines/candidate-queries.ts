import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { bounds, direction, newestFirst } from '#domain/posts/slice.ts';

type Values = Record<string, number | string>;

/** Rows that are looked at for one page, at most this many times three pages. */
const ROUNDS = 10;

/**
 * A page of ids for which a condition holds that no index knows: `newest` finds the next candidates
 * from an index alone (parameters: the bounds and `params`), `there` says which of them (`$ids`,
 * JSON) belong into the list (`params`).
 */
export function listFittingCandidates(
  db: Database,
  page: Page,
  sql: { newest: string; there: string },
  params: { newest: Values; there: Values },
): number[] {
  const limit = page.limit * 3;
  const newest = db.query<{ id: number }, Values>(sql.newest);
  const there = db.query<{ id: number }, Values>(sql.there);
  const found = new Set<number>();
  let { maxId, sinceId } = bounds(page);
  for (let round = 0; round < ROUNDS && found.size < page.limit; round += 1) {
    const rows = newest.all({ ...params.newest, maxId, sinceId, limit });
    const ids = JSON.stringify([...new Set(rows.map((row) => row.id))]);
    if (rows.length > 0) for (const { id } of there.all({ ...params.there, ids })) found.add(id);
    if (rows.length < limit) break;
    if (direction(page) === 'ASC') sinceId = rows.at(-1)?.id ?? sinceId;
    else maxId = rows.at(-1)?.id ?? maxId;
  }
  const rows = [...found].slice(0, page.limit).map((id) => ({ id }));
  return newestFirst(rows, page);
}
