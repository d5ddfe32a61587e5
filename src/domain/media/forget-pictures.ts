import type { Context } from '#base/context.ts';
import { deleteCachedOf, deleteCacheFailure } from './cache-queries.ts';
import { removeFiles } from './cache-room.ts';
import type { RemoteMediaKind } from './remote-address.ts';

/** Removes our copies of a picture of another server, whose post or account is gone. */
export async function forgetPictures(
  ctx: Context,
  subject: { kind: RemoteMediaKind; id: number },
): Promise<void> {
  deleteCacheFailure(ctx.db, subject);
  const gone = deleteCachedOf(ctx.db, subject);
  if (gone.length > 0) await removeFiles(ctx, gone);
}
