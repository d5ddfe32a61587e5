import { dlopen } from 'bun:ffi';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { type EmbeddedFile, type EmbeddedNative, embedded } from './embedded-native.ts';

/** sharp's main function with everything that hangs on it. */
export type SharpModule = typeof import('sharp').default;

/**
 * Loads sharp. In the compiled file it first writes the embedded libvips and binding below
 * `nativeDir` (the data directory's `native/`), checks the SHA-256 of what lies there at every start
 * and opens libvips, so that the binding finds it by name. In a source checkout `nativeDir` is not
 * used. Throws `unavailable` with a sentence for the owner.
 */
export function loadSharp(nativeDir: string | null): SharpModule {
  const parts: EmbeddedNative | null = embedded;
  try {
    if (parts !== null) openParts(parts, nativeDir);
    // Not an import: sharp's ESM entry hides the `require` of its binding from the bundler.
    return require('sharp') as SharpModule;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('unavailable', cannotLoad(nativeDir, cause), { cause });
  }
}

function openParts(parts: EmbeddedNative, nativeDir: string | null): void {
  if (nativeDir === null) {
    throw new AppError('unavailable', 'The image worker was started without its data directory.');
  }
  const { libvips, binding } = parts;
  const version = `${libvips.sha256.slice(0, 12)}-${binding.sha256.slice(0, 12)}`;
  const folder = join(nativeDir, `sharp-${version}`);
  // Not left to Bun's own unpacking: it trusts a damaged file that is already there.
  const unpacked = [libvips, binding].filter((part) => unpack(part, folder));
  if (unpacked.length > 0) settle(nativeDir, folder);
  // Opening is all that is wanted; Bun asks for at least one symbol.
  dlopen(join(folder, libvips.name), { vips_version: { args: ['int'], returns: 'int' } });
  parts.bindingPath = join(folder, binding.name);
}

/** Writes a part beside its place, syncs and renames it; says whether that was needed. */
function unpack(part: EmbeddedFile, folder: string): boolean {
  const path = join(folder, part.name);
  if (sha256(path) === part.sha256) return false;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, readFileSync(part.file), { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, path);
  return true;
}

/** Makes the renames durable and removes what earlier versions left, 19 MB each. */
function settle(nativeDir: string, folder: string): void {
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
  for (const entry of readdirSync(nativeDir)) {
    const path = join(nativeDir, entry);
    if (entry.startsWith('sharp-') && path !== folder) rmSync(path, { recursive: true });
  }
}

/** In pieces: whole, the library would stay in the worker's memory. Null where there is no file. */
function sha256(path: string): string | null {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const hasher = new Bun.CryptoHasher('sha256');
    const piece = new Uint8Array(256 * 1024);
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) {
      hasher.update(piece.subarray(0, length));
    }
    return hasher.digest('hex');
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function cannotLoad(nativeDir: string | null, cause: unknown): string {
  const place = nativeDir === null ? 'node_modules' : nativeDir;
  if (/libstdc\+\+|GLIBC/.test(String(cause))) {
    return (
      `The picture library cannot be loaded from ${place}: this system lacks a current C++ runtime ` +
      '(Debian package libstdc++6).'
    );
  }
  return (
    `The picture library cannot be loaded from ${place}: the data directory must be writable and on ` +
    'a file system that lets programs run (not mounted noexec).'
  );
}
