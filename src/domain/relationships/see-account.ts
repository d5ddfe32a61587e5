import type { Viewer } from '#domain/accounts/viewer.ts';

type AccountState = { id: number; suspendedAt: number | null; deletionAt: number | null };

/**
 * Whether somebody may know of an account at all: a suspended one is gone for everybody, one that
 * waits for its deletion for everybody else, and in a closed instance strangers see nobody.
 */
export function canSeeAccount(
  account: AccountState,
  viewer: Pick<Viewer, 'id'> | null,
  closed: boolean,
): boolean {
  if (account.suspendedAt !== null) return false;
  if (viewer?.id === account.id) return true;
  return account.deletionAt === null && !(closed && viewer === null);
}
