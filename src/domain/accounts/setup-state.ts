import type { Context } from '#base/context.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';
import { deleteCode } from './code-queries.ts';
import { findOwner } from './queries.ts';

const CLOSED = 'setup.closed_at';

/** True once an owner was made; stays so even if that owner is gone one day. */
export function isSetUp(db: Context['db']): boolean {
  return findSetting(db, CLOSED) !== null || findOwner(db) !== null;
}

/** Closes set-up for ever, inside the transaction that makes the owner. */
export function closeSetup(ctx: Pick<Context, 'db' | 'now'>): void {
  saveSetting(ctx.db, CLOSED, String(ctx.now()), ctx.now());
  deleteCode(ctx.db, 'setup', 0);
}
