import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { readOwnedAddress } from '#base/platform/read-owned-address.ts';
import { flushFolder } from '#base/platform/write-durably.ts';
import type { ReleaseFile } from './release-manifest.ts';

const HOUR = 3_600_000;

/**
 * Writes the executable of a release to a path: read in pieces, counted, compared with the signed hash,
 * and only then given its name and the right to be started. `from` is an address or a path. Throws
 * `unavailable`, `out_of_space` or `forbidden` with nothing left behind.
 */
export async function stageExecutable(
  { bytes, sha256 }: ReleaseFile,
  from: string,
  to: string,
  options: { mode?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const unfinished = `${to}.part`;
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  rmSync(unfinished, { force: true });
  try {
    const found = await write(unfinished, from, bytes, options);
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw new AppError(
        'forbidden',
        'The file of the release is not the one that was signed (damaged or changed on its way); nothing was changed.',
      );
    }
    await rename(unfinished, to);
    flushFolder(dirname(to));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw explain(error, from, to);
  }
}

async function write(
  path: string,
  from: string,
  maxBytes: number,
  { mode = 0o700, signal }: { mode?: number; signal?: AbortSignal },
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', mode);
  try {
    const limits = { maxBytes, deadline: HOUR, ...(signal ? { signal } : {}) };
    for await (const piece of readOwnedAddress(from, limits)) {
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    // The umask of a verb is for data; this is a program.
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function explain(error: unknown, from: string, to: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new AppError('out_of_space', `There is no room for the new version in ${dirname(to)}.`, {
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new AppError(
      'forbidden',
      `This user may not write to ${dirname(to)}; run the update as the one who may (sudo).`,
      { cause: error },
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return new AppError('unavailable', `The new version could not be read from ${from}: ${why}`, {
    cause: error,
  });
}
