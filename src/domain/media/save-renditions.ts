import type { Context } from '#base/context.ts';
import type { BlobRow } from '#domain/storage/queries.ts';
import { saveRendition } from './queries.ts';
import type { Rendered } from './render.ts';

/**
 * Names the stored files of a rendering as the photo's renditions; `blobs` begin with them, in the
 * same order. Only inside the transaction that stores them.
 */
export function saveRenditions(
  ctx: Pick<Context, 'db'>,
  mediaId: number,
  outputs: Rendered['outputs'],
  blobs: readonly BlobRow[],
): void {
  for (const [index, { name, width, height }] of outputs.entries()) {
    const blobName = blobs[index]?.name;
    if (blobName === undefined) throw new TypeError(`The ${name} rendition was not stored.`);
    saveRendition(ctx.db, { mediaId, name, blobName, width, height });
  }
}
