import type { ComposeLimits, StorageMeter } from '#doors/entities/page-types.ts';
import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import type { Answer } from './api.ts';
import { changePhoto, type Draft, type DraftPhoto, type DraftWords } from './draft.ts';
import type { DraftStore } from './draft-store.ts';

/** Calls our own API; never rejects. */
export type Api = <T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer<T>>;

type Upload = (options: {
  file: Blob;
  name: string;
  description: string;
  progress: (part: number) => void;
  signal: AbortSignal;
}) => Promise<Answer<MediaAttachmentJson>>;

/** What a composer needs from the world; tests hand in their own. */
export type ComposerWorld = {
  limits: ComposeLimits;
  store: DraftStore;
  api: Api;
  upload: Upload;
  /** What the page knew of the account's storage. */
  storage: StorageMeter;
  /** What is stored now; null if the server does not say. */
  readStorage: () => Promise<StorageMeter | null>;
  newKey: () => string;
  wait: (milliseconds: number) => Promise<void>;
  /** Sentence for a file that is no longer there. */
  lost: string;
};

/** The inside of a composer: one draft, its files and the uploads under way. */
export type Box = {
  world: ComposerWorld;
  draft: Draft;
  listeners: Set<() => void>;
  running: Map<string, AbortController>;
  files: Map<string, Blob>;
  storage: StorageMeter;
  /** Whether the server is being asked for the storage, and must be asked once more after that. */
  asking: 'no' | 'yes' | 'again';
};

/** A draft with nothing in it but what is given. */
export function emptyDraft(key: string, limits: ComposeLimits, words: Partial<DraftWords>): Draft {
  return {
    version: 1,
    key,
    photos: [],
    words: {
      caption: '',
      visibility: limits.defaultVisibility,
      place: '',
      licence: limits.defaultLicence,
      spoiler: '',
      ...words,
    },
  };
}

/** The photo of that key, if it is still there. */
export const findPhoto = (box: Box, key: string) =>
  box.draft.photos.find((photo) => photo.key === key);

/** Puts a draft in, keeps it for a reload and tells the views. */
export function setDraft(box: Box, draft: Draft): void {
  box.draft = draft;
  box.world.store.save(draft);
  tell(box);
}

/** Lets the views draw again. */
export function tell(box: Box): void {
  for (const listener of box.listeners) listener();
}

/** Changes one photo of the draft. */
export function setPhoto(box: Box, key: string, part: Partial<DraftPhoto>): void {
  setDraft(box, changePhoto(box.draft, key, part));
}

/** Marks a photo as not uploaded, with the reason. */
export function failPhoto(box: Box, key: string, problem: string, canRetry: boolean): void {
  setPhoto(box, key, { state: 'failed', problem, canRetry, sent: 0 });
}
