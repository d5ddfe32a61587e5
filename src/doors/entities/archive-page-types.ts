/** An archive that the person asked for; times as ISO dates. */
export type ArchiveRow = {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Files of photos that are in and that will be. */
  done: number;
  total: number;
  bytes: number | null;
  detail: string | null;
  renditions: boolean;
  createdAt: string;
  finishedAt: string | null;
  expiresAt: string | null;
};

/** Somebody's archives, the newest first; sizes in bytes, as they will be. */
export type ArchivePart = {
  rows: ArchiveRow[];
  schedule: { renditions: boolean; nextAt: string } | null;
  sizes: { plain: number; withRenditions: number };
};
