import type { Context } from '#base/context.ts';
import { randomName } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { findGrants, insertGrant } from './grant-queries.ts';

/**
 * The secrets by which the servers of one domain fetch photos that not everybody may see: one for
 * each photo and domain, so that a leak tells whose it was. They open nothing by themselves: what
 * they stand for is looked at again with every request (`posts/see-shared-media.ts`).
 */
export function grantMedia(
  ctx: Pick<Context, 'db' | 'now'>,
  mediaIds: readonly number[],
  domain: string,
): Map<number, string> {
  const lower = domain.toLowerCase();
  const read = () =>
    new Map(findGrants(ctx.db, lower, mediaIds).map((each) => [each.mediaId, each.token]));
  const known = read();
  const missing = mediaIds.filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  return transaction(ctx.db, () => {
    for (const mediaId of missing) {
      insertGrant(ctx.db, { token: randomName(), mediaId, domain: lower, now: ctx.now() });
    }
    return read();
  });
}
