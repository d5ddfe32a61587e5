import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';

const schema = v.variant('state', [
  v.object({ state: v.literal('working') }),
  v.object({
    state: v.literal('done'),
    /** The folder on the server. */
    path: v.string(),
    pages: v.number(),
    bytes: v.number(),
    /** Milliseconds since 1970. */
    at: v.number(),
  }),
  v.object({ state: v.literal('failed'), error: v.string() }),
]);

/** How far the copy of all that is public is. */
export type SiteCopyRecord = v.InferOutput<typeof schema>;

const KEY = 'site_copy';

/** What became of the copy that was asked for last; null if none ever was. */
export function readSiteCopy(ctx: Pick<Context, 'db'>): SiteCopyRecord | null {
  const stored = findSetting(ctx.db, KEY);
  return stored === null ? null : v.parse(schema, JSON.parse(stored));
}

/** Notes what became of the copy. */
export function saveSiteCopy(ctx: Pick<Context, 'db' | 'now'>, copy: SiteCopyRecord): void {
  saveSetting(ctx.db, KEY, JSON.stringify(copy), ctx.now());
}
