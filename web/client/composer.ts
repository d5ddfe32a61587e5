import {
  type Box,
  type ComposerWorld,
  emptyDraft,
  findPhoto,
  setDraft,
  setPhoto,
} from './composer-box.ts';
import { pumpUploads, resumeUploads, saveAlt, saveEdits } from './composer-upload.ts';
import {
  type Crop,
  type Draft,
  type DraftWords,
  movePhoto,
  newPhoto,
  removePhoto,
  type Turn,
} from './draft.ts';
import { dropMedia } from './drop-media.ts';
import { publishDraft } from './publish-draft.ts';
import { refuseFile } from './refuse-file.ts';

export type Composer = ReturnType<typeof createComposer>;

/** Adds what fits and is a photo; how many were left out comes back. */
function addFiles(box: Box, chosen: readonly File[]): number {
  const { limits, newKey, store } = box.world;
  const room = Math.max(0, limits.maxPhotos - box.draft.photos.length);
  const photos = chosen.slice(0, room).map((file) => {
    const photo = newPhoto(newKey(), file);
    const problem = refuseFile(file, limits);
    if (problem !== null) return { ...photo, state: 'failed' as const, problem, canRetry: false };
    box.files.set(photo.key, file);
    void store.putFile(photo.key, file);
    return photo;
  });
  setDraft(box, { ...box.draft, photos: [...box.draft.photos, ...photos] });
  pumpUploads(box);
  return chosen.length - photos.length;
}

function remove(box: Box, key: string): void {
  box.running.get(key)?.abort();
  box.files.delete(key);
  void box.world.store.dropFile(key);
  void dropMedia(box, [findPhoto(box, key)?.mediaId ?? null]);
  setDraft(box, removePhoto(box.draft, key));
  pumpUploads(box);
}

async function discard(box: Box): Promise<void> {
  for (const stop of box.running.values()) stop.abort();
  box.files.clear();
  void dropMedia(
    box,
    box.draft.photos.map((photo) => photo.mediaId),
  );
  setDraft(box, emptyDraft(box.world.newKey(), box.world.limits, {}));
  await box.world.store.clear();
}

function retry(box: Box, key: string): void {
  setPhoto(box, key, { state: 'waiting', problem: null, sent: 0 });
  pumpUploads(box);
}

/**
 * Holds a draft, uploads its photos two at a time, keeps everything across a reload and publishes
 * once. Views subscribe; every change of the draft goes through here.
 */
export function createComposer(world: ComposerWorld, draft: Draft) {
  const box: Box = {
    world,
    draft,
    listeners: new Set(),
    running: new Map(),
    files: new Map(),
    storage: world.storage,
    asking: 'no',
  };
  return {
    draft: () => box.draft,
    subscribe(listener: () => void) {
      box.listeners.add(listener);
      return () => {
        box.listeners.delete(listener);
      };
    },
    /** The chosen file, also of an earlier visit; null if this browser has let it go. */
    file: async (key: string) => box.files.get(key) ?? world.store.getFile(key),
    /** What the account stores by now. */
    storage: () => box.storage,
    resume: () => resumeUploads(box),
    add: (files: readonly File[]) => addFiles(box, files),
    retry: (key: string) => retry(box, key),
    /** Everything that a lost connection has stopped. */
    retryLost() {
      for (const photo of box.draft.photos) {
        if (photo.state === 'failed' && photo.canRetry) retry(box, photo.key);
      }
    },
    remove: (key: string) => remove(box, key),
    move: (key: string, place: number) => setDraft(box, movePhoto(box.draft, key, place)),
    setAlt: (key: string, alt: string) => setPhoto(box, key, { alt }),
    saveAlt: (key: string) => saveAlt(box, key),
    async edit(key: string, turn: Turn, crop: Crop | null) {
      setPhoto(box, key, { turn, crop });
      await saveEdits(box, key);
    },
    setWords: (words: Partial<DraftWords>) =>
      setDraft(box, { ...box.draft, words: { ...box.draft.words, ...words } }),
    discard: () => discard(box),
    publish: () => publishDraft(box),
  };
}
