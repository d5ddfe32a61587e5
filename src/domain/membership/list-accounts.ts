import type { Context } from '#base/context.ts';
import { type AccountRow, findLocalAccounts } from '#domain/accounts/queries.ts';
import { type Meter, readMeters } from '#domain/storage/meter.ts';

export type Member = AccountRow & {
  email: string;
  state: 'active' | 'suspended' | 'deleting';
  storage: Meter;
};

/** Everybody who has an account here, oldest first, as admins see them. */
export function listAccounts(ctx: Pick<Context, 'config' | 'db'>): Member[] {
  const rows = findLocalAccounts(ctx.db);
  const ids = rows.map((row) => row.id);
  const meters = readMeters(ctx, ids);
  const empty = { usedBytes: 0, quotaBytes: null, originalsBytes: 0, renditionsBytes: 0 };
  return rows.map((row) => ({
    ...row,
    state: stateOf(row),
    storage: meters.get(row.id) ?? empty,
  }));
}

function stateOf(row: AccountRow): Member['state'] {
  if (row.deletionAt !== null) return 'deleting';
  return row.suspendedAt === null ? 'active' : 'suspended';
}
