/** The data directory as a tree of paths, and the only way that files get into it and out of it. */
export type Files = {
  readonly root: string;
  readonly database: string;
  readonly tmp: string;
  readonly native: string;
  readonly backups: string;
  /** A fresh path in `tmp`, nothing there yet. */
  tempPath(extension?: string): string;
  /** Where a blob lies: `media/local/ab/abcd….jpg`. Only names that `randomName` can make are accepted. */
  mediaPath(name: string): string;
  /** Moves a finished temp file to its name: fsync, rename, fsync of the directory. */
  putMedia(tempPath: string, name: string): Promise<void>;
  /** Removes a blob; a missing one is no error. */
  removeMedia(name: string): Promise<void>;
  /** Bytes that the file system has left for this process. */
  freeBytes(): number;
};
