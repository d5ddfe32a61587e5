import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { type Relationship, readRelationships } from '#domain/relationships/reading.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { PersonRow, ProfilePage, Standing } from '#doors/entities/page-types.ts';

/** How the viewer and an account stand to each other; nothing for strangers and for oneself. */
export function readStanding(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer | null,
  accountId: number,
): Pick<ProfilePage, 'following' | 'follower' | 'muting' | 'blocking'> {
  if (viewer === null || viewer.id === accountId) {
    return { following: null, follower: 'none', muting: false, blocking: false };
  }
  const [relationship] = readRelationships(ctx.db, viewer.id, [accountId]);
  const follower = relationship?.followedBy
    ? 'follows'
    : relationship?.requestedBy
      ? 'asks'
      : 'none';
  const { muting = false, blocking = false } = relationship ?? {};
  return { following: standingOf(relationship), follower, muting, blocking };
}

/** People as a list shows them, in the order given, each with how the viewer stands to them. */
export function personRows(
  ctx: Context,
  viewer: Viewer | null,
  rows: readonly AccountRow[],
): PersonRow[] {
  const accounts = accountsJson(ctx, rows);
  if (viewer === null) return accounts.map((account) => ({ account, standing: null }));
  const ids = rows.map(({ id }) => id);
  const relationships = readRelationships(ctx.db, viewer.id, ids);
  return accounts.map((account, at) => ({
    account,
    standing: account.id === String(viewer.id) ? null : standingOf(relationships[at]),
  }));
}

function standingOf(relationship: Relationship | undefined): Standing {
  if (relationship?.following) return 'following';
  return relationship?.requested ? 'requested' : 'none';
}
