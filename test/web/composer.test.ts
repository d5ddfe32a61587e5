import { describe, expect, test } from 'bun:test';
import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import type { Answer } from '#web/client/api.ts';
import { createComposer } from '#web/client/composer.ts';
import { type ComposerWorld, emptyDraft } from '#web/client/composer-box.ts';
import type { Draft } from '#web/client/draft.ts';
import type { DraftStore } from '#web/client/draft-store.ts';
import { sampleLimits, samplePhoto, samplePost, sampleStorage } from './samples.ts';

type Call = { method: string; path: string; body: unknown; key: string | undefined };

const refused = (sentence: string, again: boolean, status = 422): Answer<never> => ({
  ok: false,
  status,
  sentence,
  again,
});

function memoryStore(kept: Draft | null = null, files = new Map<string, Blob>()): DraftStore {
  let draft = kept;
  return {
    load: () => draft,
    save: (next) => {
      draft = structuredClone(next);
    },
    clear: async () => {
      draft = null;
      files.clear();
    },
    putFile: async (key, file) => void files.set(key, file),
    getFile: async (key) => files.get(key) ?? null,
    dropFile: async (key) => void files.delete(key),
  };
}

/** A server that takes every photo unless `refuse` says otherwise, and remembers what it was asked. */
function world(over: Partial<ComposerWorld> = {}) {
  const calls: Call[] = [];
  let count = 0;
  let most = 0;
  let now = 0;
  const base: ComposerWorld = {
    limits: sampleLimits,
    store: memoryStore(),
    newKey: () => `key${++count}`,
    wait: () => Bun.sleep(1),
    lost: 'Lost.',
    storage: sampleStorage,
    readStorage: async () => null,
    api: async (method, path, body, headers) => {
      calls.push({ method, path, body, key: headers?.['Idempotency-Key'] });
      const data = path.endsWith('/statuses') ? samplePost() : samplePhoto();
      return { ok: true, status: 200, data } as never;
    },
    upload: async ({ name, progress }) => {
      most = Math.max(most, ++now);
      progress(0.5);
      await Bun.sleep(2);
      now--;
      const data: MediaAttachmentJson = samplePhoto({ id: `media-${name}`, description: null });
      return { ok: true, status: 200, data };
    },
  };
  return { world: { ...base, ...over }, calls, most: () => most };
}

const file = (name: string) => new File(['pixels'], name, { type: 'image/jpeg' });
const start = () => emptyDraft('draft-key', sampleLimits, {});

async function settled(done: () => boolean): Promise<void> {
  for (let tries = 0; !done() && tries < 500; tries++) await Bun.sleep(2);
}

describe('the composer', () => {
  test('uploads all chosen photos, never more than two at once', async () => {
    const here = world();
    const composer = createComposer(here.world, start());
    expect(composer.add(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'].map(file))).toBe(0);
    await settled(() => composer.draft().photos.every((photo) => photo.state === 'ready'));
    expect(composer.draft().photos.map((photo) => photo.mediaId)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => `media-${name}.jpg`),
    );
    expect(here.most()).toBe(2);
  });

  test('leaves out what is more than a post holds', () => {
    const composer = createComposer(world().world, start());
    expect(composer.add(Array.from({ length: 23 }, (_, at) => file(`${at}.jpg`)))).toBe(3);
    expect(composer.draft().photos).toHaveLength(20);
  });

  test('keeps the server’s sentence at a refused photo while the others go through', async () => {
    const good = world().world.upload;
    const here = world({
      upload: (options) =>
        options.name === 'bad.jpg'
          ? Promise.resolve(refused('This file is damaged.', false))
          : good(options),
    });
    const composer = createComposer(here.world, start());
    composer.add(['a.jpg', 'bad.jpg', 'c.jpg'].map(file));
    await settled(() => composer.draft().photos.at(2)?.state === 'ready');
    const states = composer.draft().photos.map((photo) => [photo.state, photo.problem]);
    expect(states).toEqual([
      ['ready', null],
      ['failed', 'This file is damaged.'],
      ['ready', null],
    ]);
  });

  test('tries a photo again that a lost connection stopped', async () => {
    let online = false;
    const good = world().world.upload;
    const here = world({
      upload: (options) => (online ? good(options) : Promise.resolve(refused('Lost.', true, 0))),
    });
    const composer = createComposer(here.world, start());
    composer.add([file('a.jpg')]);
    await settled(() => composer.draft().photos[0]?.state === 'failed');
    online = true;
    composer.retryLost();
    await settled(() => composer.draft().photos[0]?.state === 'ready');
    expect(composer.draft().photos[0]?.problem).toBeNull();
  });

  test('goes on after a reload: words, order, uploaded photos and files that were not sent', async () => {
    const files = new Map<string, Blob>();
    const store = memoryStore(null, files);
    const stuck = world({ store, upload: () => new Promise(() => {}) });
    const before = createComposer(stuck.world, start());
    before.add([file('a.jpg')]);
    before.setWords({ caption: 'Still here' });
    const after = createComposer(world({ store }).world, store.load() ?? start());
    expect(after.draft().words.caption).toBe('Still here');
    await after.resume();
    await settled(() => after.draft().photos[0]?.state === 'ready');
    expect(after.draft().photos[0]?.mediaId).toBe('media-a.jpg');
    const again = world({ store });
    await createComposer(again.world, store.load() ?? start()).resume();
    expect(again.calls.map((call) => `${call.method} ${call.path}`)).toEqual([
      'GET /api/v1/media/media-a.jpg',
    ]);
  });

  test('waits until the server has prepared a photo', async () => {
    const unready = samplePhoto({ id: '9', url: null });
    const here = world({ upload: async () => ({ ok: true, status: 202, data: unready }) });
    const composer = createComposer(here.world, start());
    composer.add([file('a.jpg')]);
    await settled(() => composer.draft().photos[0]?.state === 'ready');
    expect(here.calls[0]?.path).toBe('/api/v1/media/9');
  });

  test('publishes under the same key when it is tried again', async () => {
    let lost = true;
    const here = world();
    const api: ComposerWorld['api'] = async (method, path, body, headers) => {
      const answer = await here.world.api(method, path, body, headers);
      const posting = path === '/api/v1/statuses' && lost;
      return (posting ? refused('Lost.', true, 0) : answer) as never;
    };
    const composer = createComposer({ ...here.world, api }, start());
    composer.add([file('a.jpg')]);
    await settled(() => composer.draft().photos[0]?.state === 'ready');
    composer.setWords({ caption: 'Hello', visibility: 'self', spoiler: 'Fog' });
    expect((await composer.publish()).ok).toBe(false);
    expect(composer.draft().words.caption).toBe('Hello');
    lost = false;
    expect((await composer.publish()).ok).toBe(true);
    const posts = here.calls.filter((call) => call.path === '/api/v1/statuses');
    expect(posts.map((post) => post.key)).toEqual(['draft-key', 'draft-key']);
    expect(posts[1]?.body).toMatchObject({
      status: 'Hello',
      media_ids: ['media-a.jpg'],
      visibility: 'direct',
      tintype_visibility: 'self',
      sensitive: true,
    });
  });

  test('sends descriptions and edits that came after the upload', async () => {
    const here = world();
    const composer = createComposer(here.world, start());
    composer.add([file('a.jpg')]);
    await settled(() => composer.draft().photos[0]?.state === 'ready');
    const key = composer.draft().photos[0]?.key ?? '';
    composer.setAlt(key, 'A heron');
    await composer.saveAlt(key);
    await composer.edit(key, 90, { x: 0, y: 0.25, width: 1, height: 0.5 });
    expect(here.calls.map((call) => call.body)).toEqual([
      { description: 'A heron' },
      { tintype_rotate: '90', tintype_crop: '0,0.25,1,0.5' },
    ]);
  });

  test('tells what is stored after every upload, with what the server made of it', async () => {
    let stored = 0;
    let asked = 0;
    const { upload } = world().world;
    const here = world({
      upload: async (options) => {
        const answer = await upload(options);
        stored += 1_000_000;
        return answer;
      },
      readStorage: async () => {
        asked++;
        const storage = { ...sampleStorage, usedBytes: stored };
        await Bun.sleep(5);
        return storage;
      },
    });
    const composer = createComposer(here.world, start());
    expect(composer.storage()).toEqual(sampleStorage);
    composer.add(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'].map(file));
    await settled(() => composer.draft().photos.every((photo) => photo.state === 'ready'));
    await settled(() => composer.storage().usedBytes === stored);
    expect(composer.storage().usedBytes).toBe(6_000_000);
    expect(asked).toBeLessThan(7);
  });

  test('takes a removed photo off the server, so that it counts no longer', async () => {
    const here = world({ readStorage: async () => ({ ...sampleStorage, usedBytes: 7 }) });
    const composer = createComposer(here.world, start());
    composer.add(['a.jpg', 'b.jpg', 'c.jpg'].map(file));
    await settled(() => composer.draft().photos.every((photo) => photo.state === 'ready'));
    composer.remove(composer.draft().photos[0]?.key ?? '');
    await composer.discard();
    await settled(() => composer.storage().usedBytes === 7);
    const dropped = here.calls.filter((call) => call.method === 'DELETE').map((call) => call.path);
    expect(dropped).toEqual(['a', 'b', 'c'].map((name) => `/api/v1/media/media-${name}.jpg`));
  });
});
