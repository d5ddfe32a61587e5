import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { randomName } from '#base/core/secrets.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';

const KEY = 'http.secret';
const secrets = new WeakMap<Database, string>();

/** The key that signs short-lived cookies of this instance; made at the first use. */
export function cookieSecret(ctx: Pick<Context, 'db' | 'now'>): string {
  const known = secrets.get(ctx.db);
  if (known !== undefined) return known;
  let secret = findSetting(ctx.db, KEY);
  if (secret === null) {
    secret = randomName(32);
    saveSetting(ctx.db, KEY, secret, ctx.now());
  }
  secrets.set(ctx.db, secret);
  return secret;
}
