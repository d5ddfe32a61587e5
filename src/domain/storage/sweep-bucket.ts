import type { Context } from '#base/context.ts';
import type { ListedObject } from '#base/platform/media-bucket.ts';
import { LIST_PAGE } from '#base/platform/media-bucket.ts';
import { mediaBucket, requireBucket, takeBucketTurn } from './bucket.ts';
import { isRemovalHeld } from './hold-removal.ts';
import { readClaim, readHome } from './media-home.ts';
import { findPlaced } from './placed-queries.ts';
import { findKnownNames } from './queries.ts';

const HOUR = 3_600_000;
const MOST_PAGES = 1000;
const BLOB_NAME = /^[a-z2-7]{26}\.[a-z0-9]{2,5}$/;

/**
 * Removes what lies in the bucket and belongs to no photo (left by a crash), once it is an hour old
 * (`age`, milliseconds), at most so many pages of a thousand in one run. What was there before the
 * bucket became ours stays: after a restore older data may still need it. Answers what went.
 */
export async function sweepBucket(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  limits: { age?: number; pages?: number; signal?: AbortSignal } = {},
): Promise<{ files: number; bytes: number }> {
  const report = { files: 0, bytes: 0 };
  const claim = readClaim(ctx);
  if (mediaBucket(ctx.config) === null || claim === null) return report;
  // The clock of the store may be another.
  const { age = HOUR } = limits;
  const span = { from: claim.since - HOUR, to: age === 0 ? Infinity : ctx.now() - age };
  const bucket = requireBucket(ctx.config);
  let after = '';
  for (let page = 0; page < (limits.pages ?? MOST_PAGES); page += 1) {
    limits.signal?.throwIfAborted();
    const objects = await bucket.list(after);
    await takeBucketTurn(ctx.config, async () => {
      for (const { name, bytes } of findStrays(ctx, objects, span)) {
        await bucket.remove(name);
        report.files += 1;
        report.bytes += bytes;
      }
    });
    const last = objects.at(-1);
    if (last === undefined || objects.length < LIST_PAGE) return report;
    after = last.name;
  }
  return report;
}

function findStrays(
  ctx: Pick<Context, 'config' | 'db'>,
  objects: readonly ListedObject[],
  span: { from: number; to: number },
): ListedObject[] {
  // A photo that was deleted a moment ago is needed by a backup that runs.
  if (isRemovalHeld(ctx.db)) return [];
  const old = objects.filter(
    ({ name, changedAt }) => BLOB_NAME.test(name) && changedAt >= span.from && changedAt <= span.to,
  );
  const names = old.map(({ name }) => name);
  const placed = findPlaced(ctx.db, names);
  const known = readHome(ctx) === 'bucket' ? findKnownNames(ctx.db, names) : new Set<string>();
  return old.filter(({ name }) => !placed.has(name) && !known.has(name));
}
