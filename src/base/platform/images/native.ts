import { dlopen } from 'bun:ffi';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { type EmbeddedLibrary, libvips } from './libvips.ts';

/** sharp's main function with everything that hangs on it. */
export type SharpModule = typeof import('sharp').default;

/**
 * Loads sharp. In the compiled file it first writes the embedded libvips below `nativeDir` (the data
 * directory's `native/`), checks its SHA-256 and opens it, so that sharp's binding finds it by name.
 * In a source checkout `nativeDir` is not used. Throws `unavailable` with a sentence for the owner.
 */
export function loadSharp(nativeDir: string | null): SharpModule {
  const embedded: EmbeddedLibrary | null = libvips;
  if (embedded !== null) openEmbedded(embedded, nativeDir);
  try {
    // Not an import: sharp's ESM entry hides the `require` of its binding from the bundler.
    return require('sharp') as SharpModule;
  } catch (cause) {
    throw new AppError('unavailable', cannotLoad(nativeDir), { cause });
  }
}

function openEmbedded(library: EmbeddedLibrary, nativeDir: string | null): void {
  if (nativeDir === null) {
    throw new AppError('unavailable', 'The image worker was started without its data directory.');
  }
  const folder = join(nativeDir, `libvips-${library.sha256.slice(0, 16)}`);
  const path = join(folder, library.name);
  try {
    if (sha256(path) !== library.sha256) {
      unpack(library, path);
      removeOlder(nativeDir, folder);
    }
    // Opening is all that is wanted; Bun asks for at least one symbol.
    dlopen(path, { vips_version: { args: ['int'], returns: 'int' } });
  } catch (cause) {
    throw new AppError('unavailable', cannotLoad(nativeDir), { cause });
  }
}

/** Writes the library beside its place, syncs and renames it: a crash never leaves half a file there. */
function unpack(library: EmbeddedLibrary, path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, readFileSync(library.file), { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, path);
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

/** Libraries of earlier versions, and parts that a crash left, are 18 MB each. */
function removeOlder(nativeDir: string, keep: string): void {
  for (const entry of readdirSync(nativeDir)) {
    const path = join(nativeDir, entry);
    if (entry.startsWith('libvips-') && path !== keep)
      rmSync(path, { recursive: true, force: true });
  }
}

function sha256(path: string): string | null {
  try {
    return new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return null;
  }
}

function cannotLoad(nativeDir: string | null): string {
  const place = nativeDir === null ? 'node_modules' : nativeDir;
  return (
    `The picture library cannot be loaded from ${place}: the data directory must be writable and on ` +
    'a file system that lets programs run (not mounted noexec).'
  );
}
