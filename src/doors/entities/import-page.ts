import type { FormState, StorageMeter } from './page-types.ts';

export type ImportStateName =
  | 'uploading'
  | 'uploaded'
  | 'reading'
  | 'read'
  | 'importing'
  | 'paused'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'removing'
  | 'removed';

/** An import in the list of all. */
export type ImportLine = {
  id: string;
  state: ImportStateName;
  format: string | null;
  fileName: string;
  createdAt: string;
};

/** One import with its report. */
export type ImportView = ImportLine & {
  detail: string | null;
  done: number;
  total: number;
  /** Bytes that have come, and that will come. */
  offset: number;
  bytes: number;
  counts: { kind: string; outcome: string; reason: string | null; count: number }[];
  photos: number;
  /** Bytes that the photos will take up, about. */
  needed: number;
  hosts: { host: string; photos: number }[];
  odd: number;
  /** The first things that were not, or not wholly, taken. */
  troubles: { label: string; outcome: string; reason: string | null }[];
  /** Whether the file is still here, so that it can be tried again. */
  hasFile: boolean;
};

/** `/settings/import` and, with `view`, `/settings/import/ID`. */
export type ImportPage = {
  recent: ImportLine[];
  view: ImportView | null;
  storage: StorageMeter;
  form: FormState;
  /** What the form of choices holds. */
  chosen: {
    visibility: string;
    textPosts: boolean;
    people: boolean;
    lists: boolean;
    profile: boolean;
    fetchFrom: string;
  };
};
