import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
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

/**
 * Throws `conflict` if this server is known to others under another address than it is started with:
 * every id they keep has the old one in it, so they would take all of it for somebody else's.
 */
export function requireKnownOrigin(ctx: Pick<Context, 'config' | 'db'>): void {
  const known = findSetting(ctx.db, KEY);
  const now = originOf(ctx.config);
  if (known === null || known === now) return;
  throw new AppError(
    'conflict',
    `Other servers know this one as ${known}, and it cannot become ${now}: start it with --origin ${known}, or begin anew in an empty data directory.`,
  );
}
