import { statSync } from 'node:fs';
import type { Context } from '#base/context.ts';
import { type CachedRow, findCached } from './cache-queries.ts';
import { dropCopies, noteUse } from './cache-room.ts';
import { copyRemote, type RemotePicture } from './copy-remote.ts';
import type { RemoteMediaVariant } from './remote-address.ts';

/** A copy that is really there. */
export type CachedPicture = { row: CachedRow; path: string };

/**
 * Our copy of a remote picture; made now if there is none, or if the picture has a new address since.
 * Null if it cannot be had for now; throws like `copyRemote`.
 */
export async function readCached(
  ctx: Context,
  picture: RemotePicture,
  variant: RemoteMediaVariant,
): Promise<CachedPicture | null> {
  const known = await look(ctx, picture, variant);
  if (known !== null) return known;
  return (await copyRemote(ctx, picture)) ? await look(ctx, picture, variant) : null;
}

async function look(
  ctx: Context,
  picture: RemotePicture,
  variant: RemoteMediaVariant,
): Promise<CachedPicture | null> {
  const row = findCached(ctx.db, picture, variant);
  if (row === null || row.sourceUrl !== picture.url) return null;
  const path = ctx.files.cachePath(row.name);
  if (statSync(path, { throwIfNoEntry: false })) {
    noteUse(ctx, row);
    return { row, path };
  }
  await dropCopies(ctx, [row.name]);
  return null;
}
