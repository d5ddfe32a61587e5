import type { Context } from '#base/context.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';
import { originOf } from '#domain/origin.ts';

/** Under which address other servers know this one; not for admins to change. */
const KEY = 'federation.origin';

/** Remembers, with the first thing that others are told, by which address they know this server. */
export function lockOrigin(ctx: Context): void {
  if (findSetting(ctx.db, KEY) === null) {
    saveSetting(ctx.db, KEY, originOf(ctx.config), ctx.now());
  }
}
