/** A crop in fractions (0 to 1) of the turned picture. */
export type Crop = { x: number; y: number; width: number; height: number };

export type Turn = 0 | 90 | 180 | 270;

/**
 * `waiting` for a slot, `sending` bytes, `preparing` (the server works on it), `ready`, or `failed`
 * with a sentence in `problem`.
 */
export type PhotoState = 'waiting' | 'sending' | 'preparing' | 'ready' | 'failed';

export type DraftPhoto = {
  /** Name of the photo in this browser; the server's is `mediaId`. */
  key: string;
  name: string;
  bytes: number;
  state: PhotoState;
  /** Part of the bytes that is sent, 0 to 1. */
  sent: number;
  mediaId: string | null;
  /** Address of the server's small rendition. */
  preview: string | null;
  problem: string | null;
  /** False where a second try with the same file would end the same. */
  canRetry: boolean;
  alt: string;
  /** What the server knows of `alt`. */
  savedAlt: string;
  turn: Turn;
  crop: Crop | null;
};

export type DraftWords = {
  caption: string;
  visibility: string;
  place: string;
  licence: string;
  spoiler: string;
  /** What others may not do; drafts of earlier versions say nothing. */
  noLikes?: boolean;
  noBoosts?: boolean;
  noComments?: boolean;
  /** When it is published, as the field for it says: in the person's own time; empty: at once. */
  later?: string;
};

/** A post in the making. The key makes publishing it twice impossible. */
export type Draft = { version: 1; key: string; photos: DraftPhoto[]; words: DraftWords };

/** A photo that was just chosen. */
export function newPhoto(key: string, file: { name: string; size: number }): DraftPhoto {
  return {
    key,
    name: file.name,
    bytes: file.size,
    state: 'waiting',
    sent: 0,
    mediaId: null,
    preview: null,
    problem: null,
    canRetry: true,
    alt: '',
    savedAlt: '',
    turn: 0,
    crop: null,
  };
}

/** The draft with one photo changed; a photo that is gone changes nothing. */
export function changePhoto(draft: Draft, key: string, change: Partial<DraftPhoto>): Draft {
  return {
    ...draft,
    photos: draft.photos.map((photo) => (photo.key === key ? { ...photo, ...change } : photo)),
  };
}

/** The draft with a photo moved to a place (0 is first); places outside end at the ends. */
export function movePhoto(draft: Draft, key: string, place: number): Draft {
  const from = draft.photos.findIndex((photo) => photo.key === key);
  const photo = draft.photos[from];
  if (!photo) return draft;
  const photos = draft.photos.filter((one) => one.key !== key);
  photos.splice(Math.min(photos.length, Math.max(0, place)), 0, photo);
  return { ...draft, photos };
}

/** The draft without a photo. */
export function removePhoto(draft: Draft, key: string): Draft {
  return { ...draft, photos: draft.photos.filter((photo) => photo.key !== key) };
}

/** Whether there is anything worth keeping. */
export function isEmptyDraft({ photos, words }: Draft): boolean {
  return photos.length === 0 && words.caption === '' && words.place === '' && words.spoiler === '';
}

/** Reads a draft that this browser kept; null if there is none or it is not to be trusted. */
export function readDraft(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const draft = JSON.parse(text) as Draft;
    const whole =
      draft.version === 1 &&
      typeof draft.key === 'string' &&
      Array.isArray(draft.photos) &&
      typeof draft.words?.caption === 'string';
    return whole ? draft : null;
  } catch {
    return null;
  }
}
