import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import { filterLimits } from './limits.ts';
import { forgetFilters } from './match.ts';
import {
  deleteFilterPost,
  deleteFilterRow,
  deleteKeyword,
  type FilterAction,
  type FilterContext,
  insertFilter,
  insertFilterPost,
  insertKeyword,
  updateFilter,
  updateKeyword,
} from './queries.ts';
import { type Filter, listFilters, readFilter, readFilterPost, readKeyword } from './reading.ts';

type Asker = { id: number };

/** What a person says of a filter; what is left out stays. */
export type FilterInput = {
  title?: string;
  contexts?: readonly FilterContext[];
  action?: FilterAction;
  /** Seconds from now; null: for ever. */
  expiresIn?: number | null;
  keywords?: readonly KeywordInput[];
};
/** A word; with `id` one that is there already, with `destroy` one that goes. */
export type KeywordInput = {
  id?: number;
  keyword?: string;
  wholeWord?: boolean;
  destroy?: boolean;
};

/** Makes a filter. Throws `invalid` without a title or a context, or when there are too many. */
export function addFilter(ctx: Context, viewer: Asker, input: FilterInput): Filter {
  return changed(ctx, viewer, () => {
    if (listFilters(ctx, viewer).length >= filterLimits.filters) tooMany();
    const id = ctx.newId();
    const row = { id, title: titleOf(input.title ?? ''), ...restOf(ctx, input) };
    insertFilter(ctx.db, { ...row, accountId: viewer.id, now: ctx.now() });
    saveKeywords(ctx, readFilter(ctx, viewer, id), input.keywords ?? []);
    return readFilter(ctx, viewer, id);
  });
}

/** Changes a filter of the viewer's; throws `not_found`, `invalid`. */
export function changeFilter(
  ctx: Context,
  viewer: Asker,
  id: number | null,
  input: FilterInput,
): Filter {
  return changed(ctx, viewer, () => {
    const filter = readFilter(ctx, viewer, id);
    const title = titleOf(input.title ?? filter.title);
    updateFilter(ctx.db, { id: filter.id, title, ...restOf(ctx, input, filter) });
    saveKeywords(ctx, filter, input.keywords ?? []);
    return readFilter(ctx, viewer, id);
  });
}

/** Removes a filter of the viewer's; throws `not_found`. */
export function removeFilter(ctx: Context, viewer: Asker, id: number | null): void {
  changed(ctx, viewer, () => deleteFilterRow(ctx.db, readFilter(ctx, viewer, id).id));
}

/** Adds a word to a filter of the viewer's and gives its id; throws `not_found`, `invalid`. */
export function addKeyword(
  ctx: Context,
  viewer: Asker,
  filterId: number | null,
  input: KeywordInput,
): number {
  return changed(ctx, viewer, () => {
    const filter = readFilter(ctx, viewer, filterId);
    return newKeyword(ctx, filter, filter.keywords.length, input);
  });
}

/** Changes a word of a filter of the viewer's; throws `not_found`, `invalid`. */
export function changeKeyword(
  ctx: Context,
  viewer: Asker,
  id: number | null,
  input: KeywordInput,
): void {
  changed(ctx, viewer, () => {
    const { keyword } = readKeyword(ctx, viewer, id);
    const text = wordOf(input.keyword ?? keyword.keyword);
    const wholeWord = Number(input.wholeWord ?? keyword.wholeWord !== 0);
    updateKeyword(ctx.db, { id: keyword.id, keyword: text, wholeWord });
  });
}

/** Removes a word of a filter of the viewer's; throws `not_found`. */
export function removeKeyword(ctx: Context, viewer: Asker, id: number | null): void {
  changed(ctx, viewer, () => deleteKeyword(ctx.db, readKeyword(ctx, viewer, id).keyword.id));
}

/** Puts one post into a filter of the viewer's; throws `not_found`, `invalid`. */
export function addFilterPost(
  ctx: Context,
  viewer: Asker,
  filterId: number | null,
  postId: number,
): void {
  changed(ctx, viewer, () => {
    const filter = readFilter(ctx, viewer, filterId);
    if (filter.posts.length >= filterLimits.posts) tooMany();
    insertFilterPost(ctx.db, { id: ctx.newId(), filterId: filter.id, postId });
  });
}

/** Takes a post out of a filter of the viewer's; throws `not_found`. */
export function removeFilterPost(ctx: Context, viewer: Asker, id: number | null): void {
  changed(ctx, viewer, () => deleteFilterPost(ctx.db, readFilterPost(ctx, viewer, id).id));
}

function changed<T>(ctx: Context, viewer: Asker, work: () => T): T {
  const result = transaction(ctx.db, work);
  forgetFilters(ctx, viewer.id);
  emitLive(ctx, 'filters.changed', { accountId: viewer.id });
  return result;
}

function restOf(ctx: Context, input: FilterInput, before?: Filter) {
  const contexts = input.contexts ?? before?.contexts ?? [];
  if (contexts.length === 0) {
    throw new AppError('invalid', 'Validation failed: Context cannot be blank');
  }
  const until = input.expiresIn;
  const kept = before?.expiresAt ?? null;
  return {
    contexts: JSON.stringify([...new Set(contexts)]),
    action: input.action ?? before?.action ?? 'warn',
    expiresAt: until === undefined ? kept : until === null ? null : ctx.now() + until * 1000,
  };
}

function saveKeywords(ctx: Context, filter: Filter, inputs: readonly KeywordInput[]): void {
  let count = filter.keywords.length;
  for (const input of inputs) {
    const known = filter.keywords.find((each) => each.id === input.id);
    if (input.id !== undefined && !known) throw new AppError('not_found', 'Record not found');
    if (known && input.destroy) deleteKeyword(ctx.db, known.id);
    else if (known) {
      const text = wordOf(input.keyword ?? known.keyword);
      const wholeWord = Number(input.wholeWord ?? known.wholeWord !== 0);
      updateKeyword(ctx.db, { id: known.id, keyword: text, wholeWord });
    } else if (!input.destroy) {
      newKeyword(ctx, filter, count, input);
      count += 1;
    }
  }
}

function newKeyword(ctx: Context, filter: Filter, count: number, input: KeywordInput): number {
  if (count >= filterLimits.keywords) tooMany();
  const id = ctx.newId();
  const keyword = wordOf(input.keyword ?? '');
  const wholeWord = Number(input.wholeWord ?? true);
  insertKeyword(ctx.db, { id, filterId: filter.id, keyword, wholeWord });
  return id;
}

function titleOf(text: string): string {
  return cleaned(text, filterLimits.title, 'Title');
}

function wordOf(text: string): string {
  return cleaned(text, filterLimits.keyword, 'Keyword');
}

function cleaned(text: string, most: number, name: string): string {
  const clean = text.replace(/\p{Cc}/gu, ' ').trim();
  if (clean === '') throw new AppError('invalid', `Validation failed: ${name} cannot be blank`);
  if ([...clean].length > most) {
    throw new AppError('invalid', `Validation failed: ${name} is too long (${most} at most)`);
  }
  return clean;
}

function tooMany(): never {
  throw new AppError('invalid', 'Validation failed: there are too many filters, words or posts');
}
