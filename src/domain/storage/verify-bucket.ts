import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { LIST_PAGE, type ListedObject, type MediaBucket } from '#base/platform/media-bucket.ts';
import { requireBucket } from './bucket.ts';
import { readClaim, readHome } from './media-home.ts';
import { listPlacedAfter } from './placed-queries.ts';
import { type BlobRow, findBlob, findKnownNames } from './queries.ts';
import { hashRemote } from './send-to-bucket.ts';

export type BucketProblems = {
  /** Names that should be in the bucket and are not, and those with other bytes there. */
  missing: string[];
  changed: string[];
  /** What belongs to no photo; the sweep takes it. */
  orphans: string[];
  /** Files that were looked at. */
  files: number;
  /** False if there was more than is looked at without `deep`. */
  all: boolean;
};

type BucketContext = Pick<Context, 'config' | 'db'>;

const QUICK_PAGES = 100;
const HOUR = 3_600_000;

/**
 * Compares the rows of files in the bucket with the store's own list, a page at a time (both are in
 * the order of names): sizes, and with `deep` every byte; without it at most a hundred thousand
 * files. Throws `unavailable` if the store is down.
 */
export async function verifyBucket(
  ctx: BucketContext,
  options: { deep?: boolean } = {},
): Promise<BucketProblems> {
  const bucket = requireBucket(ctx.config);
  const problems: BucketProblems = { missing: [], changed: [], orphans: [], files: 0, all: true };
  let after = '';
  for (let page = 0; ; page += 1) {
    if (options.deep !== true && page >= QUICK_PAGES) return { ...problems, all: false };
    const objects = await bucket.list(after);
    const isLast = objects.length < LIST_PAGE;
    const end = isLast ? null : (objects.at(-1)?.name ?? null);
    comparePage(ctx, problems, objects, { after, end });
    if (options.deep === true) await compareBytes(ctx, bucket, problems, objects);
    if (end === null) return problems;
    after = end;
  }
}

/** One page of the list with the rows between its names. */
function comparePage(
  ctx: BucketContext,
  problems: BucketProblems,
  objects: readonly ListedObject[],
  { after, end }: { after: string; end: string | null },
): void {
  const there = new Map(objects.map((each) => [each.name, each]));
  const placed = new Set<string>();
  let from = after;
  for (;;) {
    const rows = listPlacedAfter(ctx.db, from, LIST_PAGE);
    const inside = rows.filter(({ name }) => end === null || name <= end);
    for (const { name, bytes } of inside) {
      placed.add(name);
      // Deleted since: whoever removes files is about to.
      if (findBlob(ctx.db, name) === null) continue;
      problems.files += 1;
      const object = there.get(name);
      if (object === undefined) problems.missing.push(name);
      else if (object.bytes !== bytes) problems.changed.push(name);
    }
    const last = inside.at(-1);
    if (last === undefined || inside.length < LIST_PAGE) break;
    from = last.name;
  }
  problems.orphans.push(...findStrays(ctx, objects, placed));
}

function findStrays(
  ctx: BucketContext,
  objects: readonly ListedObject[],
  placed: ReadonlySet<string>,
): string[] {
  const since = readClaim(ctx)?.since ?? Number.POSITIVE_INFINITY;
  const loose = objects.filter(
    ({ name, changedAt }) => !placed.has(name) && changedAt >= since - HOUR,
  );
  const names = loose.map(({ name }) => name);
  // One that has just arrived has its row in a moment.
  const known = readHome(ctx) === 'bucket' ? findKnownNames(ctx.db, names) : new Set<string>();
  return names.filter((name) => !known.has(name));
}

async function compareBytes(
  ctx: BucketContext,
  bucket: MediaBucket,
  problems: BucketProblems,
  objects: readonly ListedObject[],
): Promise<void> {
  for (const { name } of objects) {
    const blob = findBlob(ctx.db, name);
    if (blob === null || problems.changed.includes(name)) continue;
    if (!(await isSame(bucket, blob))) problems.changed.push(name);
  }
}

async function isSame(bucket: MediaBucket, blob: BlobRow): Promise<boolean> {
  try {
    return (await hashRemote(bucket, blob)) === blob.sha256;
  } catch (error) {
    // Removed while we read.
    if (error instanceof AppError && error.kind === 'not_found') return true;
    throw error;
  }
}
