import { isAbsolute } from 'node:path';

/** Where backups go: a directory, or a bucket of the store with a folder in it. */
export type BackupTarget =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'bucket'; readonly bucket: string; readonly folder: string };

/** Reads `/mnt/disk/tintype, s3:safe/photos`: absolute paths and buckets with commas between them. */
export function parsePlaces(text: string): BackupTarget[] | null {
  const parts = text.split(',').map((part) => part.trim());
  const targets = parts.map(parsePlace);
  return targets.every((target) => target !== null) ? targets : null;
}

/** Reads `bucket` or `bucket/folder`. */
export function parseBucket(text: string): { bucket: string; folder: string } | null {
  const found = /^([a-z0-9][a-z0-9.-]{1,62})(?:\/([\w.!*'()/-]*?)\/?)?$/.exec(text.trim());
  const [bucket, folder] = [found?.[1], found?.[2] ?? ''];
  if (bucket === undefined || folder.split('/').includes('..')) return null;
  return { bucket, folder };
}

function parsePlace(text: string): BackupTarget | null {
  if (isAbsolute(text)) return { kind: 'directory', path: text };
  if (!text.startsWith('s3:')) return null;
  const bucket = parseBucket(text.slice(3));
  return bucket === null ? null : { kind: 'bucket', ...bucket };
}
