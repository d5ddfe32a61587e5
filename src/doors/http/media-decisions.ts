import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { type BlobRow, findBlob } from '#domain/storage/queries.ts';
import { readDatabaseStamp } from './media-queries.ts';

/** `public`: the same for everybody, may be kept by caches; `private`: for this viewer alone. */
export type MediaAccess = 'public' | 'private';

/** Whether a viewer (null: a stranger) may get a stored file; null if not, or if there is none. */
export type SeeMedia = (
  ctx: Context,
  viewer: Pick<Viewer, 'id'> | null,
  blobName: string,
) => MediaAccess | null;

/** Files whose row and answer are remembered. */
const MOST = 5000;

/**
 * Remembers, for files that are asked for again and again, their row and what a stranger may do with
 * them. Any write to the database, by whomever, ends the memory of all answers at once, so a post
 * that is hidden is hidden with its photos in the same moment; rows never change, but files go.
 */
export function createMediaDecisions(ctx: Context, canSeeMedia: SeeMedia) {
  let stamp = '';
  const answers = new Map<string, MediaAccess | null>();
  const rows = new Map<string, BlobRow>();
  const refresh = () => {
    const now = readDatabaseStamp(ctx.db);
    if (now === stamp && answers.size < MOST && rows.size < MOST) return;
    stamp = now;
    answers.clear();
    rows.clear();
  };
  return {
    forStrangers: (name: string): MediaAccess | null => {
      refresh();
      const known = answers.get(name);
      if (known !== undefined) return known;
      const answer = canSeeMedia(ctx, null, name);
      // Made-up names would push out the real ones.
      if (answer !== null) answers.set(name, answer);
      return answer;
    },
    blob: (name: string): BlobRow | null => {
      const known = rows.get(name);
      if (known) return known;
      const row = findBlob(ctx.db, name);
      if (row) rows.set(name, row);
      return row;
    },
  };
}
