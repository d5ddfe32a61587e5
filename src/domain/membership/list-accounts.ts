import type { Context } from '#base/context.ts';
import {
  type AccountRow,
  findFullestAccounts,
  findLocalAccounts,
  findLocalAccountsPage,
  type LocalAccountRow,
} from '#domain/accounts/queries.ts';
import { type Meter, readMeters } from '#domain/storage/meter.ts';

type ListContext = Pick<Context, 'config' | 'db'>;

export type Member = LocalAccountRow & {
  state: 'active' | 'suspended' | 'deleting';
  storage: Meter;
};

/** Everybody who has an account here, oldest first, as admins see them. */
export function listAccounts(ctx: ListContext): Member[] {
  return toMembers(ctx, findLocalAccounts(ctx.db));
}

/** A page of them, newest first, with whether there are newer and older ones. */
export function listAccountsPage(
  ctx: ListContext,
  page: { limit: number; maxId: number | null; minId: number | null },
): { members: Member[]; newer: boolean; older: boolean } {
  const members = toMembers(ctx, findLocalAccountsPage(ctx.db, page));
  const has = (bounds: { maxId: number | null; minId: number | null }) =>
    findLocalAccountsPage(ctx.db, { limit: 1, ...bounds }).length > 0;
  const [first, last] = [members[0], members.at(-1)];
  return {
    members,
    newer: first !== undefined && has({ minId: first.id, maxId: null }),
    older: last !== undefined && has({ maxId: last.id, minId: null }),
  };
}

/** Those who store most, the fullest first. */
export function listFullestAccounts(ctx: ListContext, limit: number): Member[] {
  return toMembers(ctx, findFullestAccounts(ctx.db, limit));
}

function toMembers(ctx: ListContext, rows: LocalAccountRow[]): Member[] {
  const meters = readMeters(
    ctx,
    rows.map((row) => row.id),
  );
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
