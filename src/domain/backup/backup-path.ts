import { resolve } from 'node:path';
import { parsePlaces } from '#base/config/parse-places.ts';
import { AppError } from '#base/core/errors.ts';
import type { BackupTarget } from './place.ts';

/** How a backup is called by people: `/mnt/disk/tintype/snapshots/20260101T030000Z`, or `s3:…`. */
export function backupPath(label: string, name: string): string {
  return `${label}/snapshots/${name}`;
}

/**
 * Reads what people type: the path of a backup, or of its place (then `name` is null: the newest).
 * Relative paths are those of the working directory. Throws `invalid` if it is neither.
 */
export function parseBackupPath(text: string): { target: BackupTarget; name: string | null } {
  const found = /^(.*?)\/+snapshots\/+(\d{8}T\d{6}Z)\/*$/.exec(text);
  const [place, name] = found ? [found[1] ?? '', found[2] ?? null] : [text, null];
  const [target, more] = parsePlaces(place.startsWith('s3:') ? place : resolve(place)) ?? [];
  if (target === undefined || more !== undefined) {
    throw new AppError('invalid', `"${text}" is not the path of a backup.`);
  }
  return { target, name };
}
