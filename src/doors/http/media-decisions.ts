import { statSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { watchChanges } from '#base/db/watch-changes.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isPlaced } from '#domain/storage/placed-queries.ts';
import { type BlobRow, findBlob } from '#domain/storage/queries.ts';

/** `public`: the same for everybody, may be kept by caches; `private`: for this viewer alone. */
export type MediaAccess = 'public' | 'private';

/** Whether a viewer (null: a stranger) may get a stored file; null if not, or if there is none. */
export type SeeMedia = (
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  blobName: string,
) => MediaAccess | null;

/** A stored file that is really there: on the disk, or in the bucket alone. */
export type MediaFile = { blob: BlobRow; path: string; isLocal: boolean };

/** Files that are remembered. */
const MOST = 5000;

/**
 * Remembers what is made of files that are asked for again and again, until anything at all is
 * written to the database: a post that is hidden is hidden with its photos in the same moment, and
 * nobody has to think of telling this memory about it.
 */
export function createMediaMemory<T>(ctx: Context) {
  const known = new Map<string, T>();
  const look = watchChanges(ctx.db);
  let age = look();
  const refresh = (): number => {
    const now = look();
    if (now !== age) known.clear();
    age = now;
    return age;
  };
  return {
    get: (name: string): T | undefined => {
      refresh();
      return known.get(name);
    },
    /** What is remembered of many, with one look for changes: a timeline names a hundred. */
    getMany: (names: Iterable<string>): Map<string, T> => {
      refresh();
      const found = new Map<string, T>();
      for (const name of names) {
        const value = known.get(name);
        if (value !== undefined) found.set(name, value);
      }
      return found;
    },
    /** Another number as soon as anything was written. */
    look: refresh,
    /** To be asked for before something is decided, and given to `set` with what came out. */
    age: (): number => age,
    set: (name: string, value: T, decidedAt: number): void => {
      // Decided before a change that the memory has already seen: nothing would clear it again.
      if (decidedAt !== age) return;
      if (known.size >= MOST) known.clear();
      known.set(name, value);
    },
  };
}

/** The row and place of a stored file; null, with a line in the log, if it is missing. */
export function findMediaFile(ctx: Context, name: string): MediaFile | null {
  const blob = findBlob(ctx.db, name);
  if (blob === null) return null;
  const path = ctx.files.mediaPath(name);
  if (statSync(path, { throwIfNoEntry: false })) return { blob, path, isLocal: true };
  if (ctx.config.mediaBucket !== null && isPlaced(ctx.db, name)) {
    return { blob, path, isLocal: false };
  }
  ctx.log.error('A stored file is missing on the disk.', { path });
  return null;
}
