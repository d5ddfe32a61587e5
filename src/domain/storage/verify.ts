import type { Context } from '#base/context.ts';
import { hashFile } from './hash-file.ts';
import { findPlaced } from './placed-queries.ts';
import { findKnownNames, listBlobsAfter } from './queries.ts';

export type StorageProblems = {
  /** Names whose file is not on the disk. */
  missing: string[];
  /** Names whose file has other bytes than the row says. */
  changed: string[];
  /** Files that no row names; the sweep takes them. */
  orphans: string[];
};

const BATCH = 200;

/**
 * Compares every row with its file (every byte with `deep`, else the size) and every file with its
 * row. With `placed` files that are in the bucket may be missing here; `verifyBucket` looks at those.
 */
export async function verifyStorage(
  ctx: Pick<Context, 'db' | 'files'>,
  options: { deep?: boolean; placed?: boolean } = {},
): Promise<StorageProblems> {
  const problems: StorageProblems = { missing: [], changed: [], orphans: [] };
  let after = '';
  for (;;) {
    const blobs = listBlobsAfter(ctx.db, after, BATCH);
    const names = blobs.map(({ name }) => name);
    const elsewhere = options.placed === true ? new Set(findPlaced(ctx.db, names).keys()) : null;
    for (const blob of blobs) {
      const file = Bun.file(ctx.files.mediaPath(blob.name));
      const isThere = await file.exists();
      if (!isThere && elsewhere?.has(blob.name) === true) continue;
      if (!isThere) problems.missing.push(blob.name);
      else if (file.size !== blob.bytes) problems.changed.push(blob.name);
      else if (options.deep && (await hashFile(file.name ?? '')).sha256 !== blob.sha256) {
        problems.changed.push(blob.name);
      }
    }
    const last = blobs.at(-1);
    if (!last) break;
    after = last.name;
  }
  for await (const { name } of ctx.files.listMedia()) {
    if (!findKnownNames(ctx.db, [name]).has(name)) problems.orphans.push(name);
  }
  return problems;
}
