import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';

/**
 * A restore puts the old data aside by renaming, which no system does with a mount point: throws
 * `conflict` before anything is changed where `media` or another part is a disk of its own.
 */
export function requireMovable(data: string): void {
  const points = new Set(
    readMounts()
      .split('\n')
      .map((line) => readPoint(line)),
  );
  const root = realpathSync(data);
  // What is mounted deeper goes along when the folder above it is renamed.
  const parts = ['media', 'exports', 'imports', 'tintype.db'];
  const fixed = parts.find((name) => points.has(join(root, name)));
  if (fixed === undefined) return;
  throw new AppError(
    'conflict',
    `${join(data, fixed)} is mounted there, so the old data cannot be put aside. Nothing was changed. Restore into another directory with --data, or mount the whole data directory instead of a part of it.`,
  );
}

function readPoint(line: string): string {
  const [, escaped = ''] = line.split(' ');
  return escaped.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)));
}

function readMounts(): string {
  const path = '/proc/self/mounts';
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
