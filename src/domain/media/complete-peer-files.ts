import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import type { OutputFile } from '#base/platform/images/contract.ts';
import { localMedia } from '#domain/storage/local-media.ts';
import { putBlobs } from '#domain/storage/put.ts';
import { listWithoutPeerFile, saveRendition } from './queries.ts';
import { findOwnMedia } from './reading.ts';

const AT_ONCE = 50;

type Lacking = ReturnType<typeof listWithoutPeerFile>[number];

/**
 * Makes the JPEG for other servers of photos that came before there was one. Uploads bring theirs
 * since; what cannot be made (no room, a damaged file) is tried again the next night. Answers how many
 * were made.
 */
export async function completePeerFiles(ctx: Context, signal: AbortSignal): Promise<number> {
  let made = 0;
  let after = 0;
  for (;;) {
    const photos = listWithoutPeerFile(ctx.db, after, AT_ONCE);
    for (const photo of photos) {
      if (signal.aborted) return made;
      after = photo.id;
      try {
        if (await makePeerFile(ctx, photo)) made += 1;
      } catch (error) {
        ctx.log.warn('A photo has no JPEG for other servers.', {
          mediaId: photo.id,
          error: String(error),
        });
      }
    }
    if (photos.length < AT_ONCE) return made;
  }
}

async function makePeerFile(ctx: Context, photo: Lacking): Promise<boolean> {
  const output = await render(ctx, photo);
  if (output === undefined) return false;
  const owner = { accountId: photo.accountId, reservation: null };
  const file = { path: output.path, mime: output.mime, purpose: 'rendition' } as const;
  await putBlobs(ctx, owner, [file], ([blob]) => {
    const now = findOwnMedia(ctx.db, photo.accountId, photo.id);
    const same = now?.renditions.some(({ blobName }) => blobName === photo.large);
    if (!same || !blob) throw new Error('The photo was changed meanwhile.');
    saveRendition(ctx.db, {
      mediaId: photo.id,
      name: 'peer',
      blobName: blob.name,
      width: output.width,
      height: output.height,
    });
  });
  return true;
}

/** The large file is what the page shows, cut and turned: the JPEG is made of that. */
async function render(ctx: Context, { large }: Lacking): Promise<OutputFile | undefined> {
  const path = ctx.files.tempPath();
  try {
    const result = await ctx.images.run({
      kind: 'render',
      source: await localMedia(ctx, large),
      limits: { maxPixels: ctx.config.uploadMaxPixels, maxFrames: ctx.config.uploadMaxFrames },
      edits: null,
      outputs: [{ name: 'peer', path, fit: 2048, encode: 'peer', quality: 88 }],
    });
    return result.kind === 'render' ? result.outputs[0] : undefined;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
