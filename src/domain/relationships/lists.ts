import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  countLists,
  deleteList,
  deleteListAccounts,
  findList,
  findListable,
  insertList,
  insertListAccounts,
  type ListRow,
  updateList,
} from './list-queries.ts';

const MOST_LISTS = 100;

type Owner = Pick<Viewer, 'id'>;

/** One of the viewer's own lists; somebody else's throws `not_found` like one that is not there (T97). */
export function readList(ctx: Pick<Context, 'db'>, viewer: Owner, id: number): ListRow {
  const list = findList(ctx.db, viewer.id, id);
  if (!list) throw new AppError('not_found', 'Record not found');
  return list;
}

/** Makes a list. Throws `invalid` when there are too many. */
export function makeList(ctx: Context, viewer: Owner, input: Omit<ListRow, 'id'>): ListRow {
  return transaction(ctx.db, () => {
    if (countLists(ctx.db, viewer.id) >= MOST_LISTS) {
      throw new AppError('invalid', `You can have at most ${MOST_LISTS} lists.`);
    }
    const list = { id: ctx.newId(), ...input };
    insertList(ctx.db, { ...list, accountId: viewer.id, now: ctx.now() });
    return list;
  });
}

/** Changes what is given of a list. */
export function changeList(
  ctx: Pick<Context, 'db'>,
  viewer: Owner,
  id: number,
  change: Partial<Omit<ListRow, 'id'>>,
): ListRow {
  return transaction(ctx.db, () => {
    const list = { ...readList(ctx, viewer, id), ...change };
    updateList(ctx.db, list);
    return list;
  });
}

/** Removes a list; its people are followed as before. */
export function removeList(ctx: Pick<Context, 'db'>, viewer: Owner, id: number): void {
  if (!deleteList(ctx.db, viewer.id, id)) throw new AppError('not_found', 'Record not found');
}

/** Puts people on a list. Throws `not_found` if the viewer does not follow one of them; then none is. */
export function enlist(ctx: Pick<Context, 'db'>, viewer: Owner, id: number, ids: number[]): void {
  transaction(ctx.db, () => {
    readList(ctx, viewer, id);
    const wanted = [...new Set(ids)];
    if (findListable(ctx.db, viewer.id, wanted).length < wanted.length) {
      throw new AppError('not_found', 'You can only put people on a list whom you follow.');
    }
    insertListAccounts(ctx.db, id, wanted);
  });
}

/** Takes people off a list. */
export function unlist(ctx: Pick<Context, 'db'>, viewer: Owner, id: number, ids: number[]): void {
  transaction(ctx.db, () => {
    readList(ctx, viewer, id);
    deleteListAccounts(ctx.db, id, ids);
  });
}
