import type { Context } from '#base/context.ts';
import { randomName } from '#base/core/secrets.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';

const KEY = 'backup.instance';

/** By what places know whose backups they hold: random, made at the first use, restored with the rest. */
export function readInstanceId(ctx: Pick<Context, 'db' | 'now'>): string {
  const known = findSetting(ctx.db, KEY);
  if (known !== null) return known;
  const made = randomName(16);
  saveSetting(ctx.db, KEY, made, ctx.now());
  return made;
}
