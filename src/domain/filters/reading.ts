import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import {
  type FilterAction,
  type FilterContext,
  type FilterPostRow,
  type FilterRow,
  findFilterRow,
  type KeywordRow,
  listFilterPostRows,
  listFilterRows,
  listKeywordRows,
} from './queries.ts';

type Asker = { id: number };

/** A filter with its words and posts. */
export type Filter = {
  id: number;
  title: string;
  contexts: FilterContext[];
  action: FilterAction;
  /** Milliseconds; null: for ever. */
  expiresAt: number | null;
  keywords: KeywordRow[];
  posts: FilterPostRow[];
};

/** The viewer's filters, in three statements. */
export function listFilters(ctx: Pick<Context, 'db'>, viewer: Asker): Filter[] {
  const rows = listFilterRows(ctx.db, viewer.id);
  if (rows.length === 0) return [];
  const keywords = Map.groupBy(listKeywordRows(ctx.db, viewer.id), (row) => row.filterId);
  const posts = Map.groupBy(listFilterPostRows(ctx.db, viewer.id), (row) => row.filterId);
  return rows.map((row) => asFilter(row, keywords.get(row.id) ?? [], posts.get(row.id) ?? []));
}

/** One filter of the viewer; throws `not_found` for everybody else's. */
export function readFilter(ctx: Pick<Context, 'db'>, viewer: Asker, id: number | null): Filter {
  const row = id === null ? null : findFilterRow(ctx.db, viewer.id, id);
  if (!row) throw missing();
  const keywords = listKeywordRows(ctx.db, viewer.id).filter((each) => each.filterId === row.id);
  const posts = listFilterPostRows(ctx.db, viewer.id).filter((each) => each.filterId === row.id);
  return asFilter(row, keywords, posts);
}

/** The filter of the viewer that has a word, and the word; throws `not_found`. */
export function readKeyword(
  ctx: Pick<Context, 'db'>,
  viewer: Asker,
  id: number | null,
): { filter: Filter; keyword: KeywordRow } {
  for (const filter of listFilters(ctx, viewer)) {
    const keyword = filter.keywords.find((each) => each.id === id);
    if (keyword) return { filter, keyword };
  }
  throw missing();
}

/** The entry of a post in a filter of the viewer; throws `not_found`. */
export function readFilterPost(
  ctx: Pick<Context, 'db'>,
  viewer: Asker,
  id: number | null,
): FilterPostRow {
  const row = listFilterPostRows(ctx.db, viewer.id).find((each) => each.id === id);
  if (!row) throw missing();
  return row;
}

function missing(): AppError {
  return new AppError('not_found', 'Record not found');
}

function asFilter(row: FilterRow, keywords: KeywordRow[], posts: FilterPostRow[]): Filter {
  const { id, title, action, expiresAt } = row;
  const contexts = JSON.parse(row.contexts) as FilterContext[];
  return { id, title, action, expiresAt, contexts, keywords, posts };
}
