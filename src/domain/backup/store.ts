/** One file of a place: its path below the place and the bytes it takes there. */
export type StoreEntry = { path: string; bytes: number };

/**
 * Bytes at paths: what a directory and a bucket have in common, before encryption. Paths are ours
 * (`media/ab/…`, `snapshots/…`); failures are `AppError`s with a sentence for people.
 */
export type Store = {
  readonly kind: 'directory' | 'bucket';
  /** How people know it: the path of the directory, or `s3:bucket/folder`. */
  readonly label: string;
  /** Every finished file whose path begins so; `prefix` is empty or ends with a slash. */
  list(prefix: string): AsyncIterable<StoreEntry>;
  /** Makes a file of these pieces; it appears whole or not at all, and stays after `settle`. */
  write(path: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Names a file that lies elsewhere on the same disk, without a copy; false where that cannot be. */
  link(path: string, localFile: string): Promise<boolean>;
  /** The bytes in pieces; throws `not_found` at the first one. */
  read(path: string): AsyncIterable<Uint8Array>;
  /** Bytes of a file, or null if there is none. */
  size(path: string): Promise<number | null>;
  /** Removes a file; a missing one is no error. */
  remove(path: string): Promise<void>;
  /** What was written and removed until now is so after a power cut, too. */
  settle(): Promise<void>;
  /** Takes away what interrupted writes left. */
  tidy(): Promise<void>;
  /** Bytes that are left there, or null where nobody can say. */
  freeBytes(): number | null;
  /** True when it ends with the same disk as `path`. */
  sharesDiskWith(path: string): boolean;
};
