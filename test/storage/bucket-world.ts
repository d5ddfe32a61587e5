import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readMedia } from '#domain/media/reading.ts';
import { tendCopies } from '#domain/storage/local-copies.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import type { TestStore } from '#test/harness/object-store.ts';
import { type Front, openFront, pathOf, publish, upload } from '#test/media/front.ts';
import { createMediaApp, photo } from '#test/media/world.ts';

/** A published photo with all of its files, the original first. */
export type BucketPost = { id: number; postId: number; path: string; names: string[] };

/** A server whose photos live in a folder of a bucket of its own; copies go as soon as they may. */
export type BucketWorld = {
  app: TestApp;
  front: Front;
  ann: Person;
  /** The folder of the bucket, where the store keeps it. */
  folder: string;
  post(visibility?: string, bytes?: Uint8Array): Promise<BucketPost>;
  /** Names of all files in the bucket. */
  inBucket(): Promise<string[]>;
  /** Everything is placed and nobody asks for it any more: the copies go. */
  evict(): Promise<void>;
  close(): Promise<void>;
};

let folders = 0;

/** Opens one in the bucket `photos`. */
export async function openBucketWorld(store: TestStore): Promise<BucketWorld> {
  folders += 1;
  const mediaBucket = { bucket: 'photos', folder: `home/${folders}` };
  const app = await createMediaApp({
    settings: { 'media.cache_size': '1' },
    config: { s3: store.s3, mediaBucket },
  });
  const front = openFront(app);
  const ann = await app.person('ann', 'owner');
  const folder = join(store.folder, 'photos', mediaBucket.folder);
  return {
    app,
    front,
    ann,
    folder,
    post: async (visibility = 'public', bytes) => {
      const json = await upload(front, ann, bytes ?? (await photo(300, 200)));
      const id = Number(json.id);
      const postId = publish(app, ann.viewer.id, [id], visibility);
      const view = readMedia(app.ctx.db, [id])[0];
      if (view === undefined) throw new Error('The photo is not there.');
      const names = [view.originalBlob ?? '', ...view.renditions.map((each) => each.blobName)];
      return { id, postId, path: pathOf(json.url), names };
    },
    inBucket: async () => {
      const found = await readdir(folder, { recursive: true }).catch(() => []);
      return found
        .map((path) => path.split('/').at(-1) ?? '')
        .filter((name) => name.endsWith('._S3rver_object'))
        .map((name) => name.replace('._S3rver_object', ''))
        .filter((name) => name !== 'tintype-media.json')
        .sort();
    },
    evict: async () => {
      await app.settle();
      app.clock.advance(3_600_000);
      await tendCopies(app.ctx);
    },
    close: async () => {
      await front.close();
      await app.close();
    },
  };
}
