import type { Database } from 'bun:sqlite';
import { AppError } from '#base/core/errors.ts';
import { findOwners, setPlace } from './queries.ts';

/**
 * Gives photos to a post in the order of `ids` (also a new order to those it has already). Only
 * inside the caller's transaction. Throws `invalid` if one is not there, not the account's, or
 * already in another post.
 */
export function attachMedia(
  db: Database,
  accountId: number,
  postId: number,
  ids: readonly number[],
): void {
  if (new Set(ids).size !== ids.length) {
    throw new AppError('invalid', 'A photo can be in a post only once.');
  }
  const owners = findOwners(db, ids);
  for (const [position, id] of ids.entries()) {
    const row = owners.get(id);
    if (row?.accountId !== accountId) {
      throw new AppError(
        'invalid',
        'One of the photos is not there any more. Please add it again.',
      );
    }
    if (row.postId !== null && row.postId !== postId) {
      throw new AppError('invalid', 'One of the photos is already part of another post.');
    }
    setPlace(db, { id, postId, position });
  }
}
