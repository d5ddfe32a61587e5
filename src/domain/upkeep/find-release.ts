import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { isAddress, readOwnedAddress } from '#base/platform/read-owned-address.ts';
import type { ReleaseManifest } from './release-manifest.ts';
import { verifyRelease } from './verify-release.ts';

/** A release as it was found, signature checked; the bytes so that another process can check again. */
export type FoundRelease = {
  manifest: ReleaseManifest;
  bytes: Uint8Array;
  signature: string;
  /** Address or path of the manifest; its files lie beside it. */
  place: string;
  /** Whether it lies on this machine: somebody brought it. */
  isHere: boolean;
};

const MANIFEST = 'release.json';
const LARGEST = 256_000;
const PATIENCE = 30_000;

/**
 * Reads a release manifest and checks its signature. `from` is the address or path of the manifest,
 * or of the folder where `release.json` lies. Throws `unavailable`, `forbidden` or `invalid`.
 */
export async function findRelease(
  from: string,
  key: string,
  signal?: AbortSignal,
): Promise<FoundRelease> {
  const place = manifestPlace(from);
  const limits = { deadline: PATIENCE, ...(signal ? { signal } : {}) };
  try {
    const bytes = await readAll(place, { maxBytes: LARGEST, ...limits });
    const signed = await readAll(besideManifest(place, null), { maxBytes: 1000, ...limits });
    const signature = new TextDecoder().decode(signed).trim();
    const manifest = verifyRelease(bytes, signature, key);
    return { manifest, bytes, signature, place, isHere: !isAddress(place) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('unavailable', `No release could be read from ${place}: ${why}`, {
      cause: error,
    });
  }
}

/** Where a file beside the manifest is; null: its signature. */
export function besideManifest(place: string, name: string | null): string {
  if (!isAddress(place)) return name === null ? `${place}.sig` : join(place, '..', name);
  const url = new URL(place);
  if (name === null) url.pathname += '.sig';
  else url.pathname = url.pathname.replace(/[^/]*$/, name);
  return url.href;
}

function manifestPlace(from: string): string {
  if (isAddress(from)) {
    const url = new URL(from);
    if (url.pathname.endsWith('/')) url.pathname += MANIFEST;
    return url.href;
  }
  const path = from.replace(/^file:\/\//, '');
  return existsSync(path) && statSync(path).isDirectory() ? join(path, MANIFEST) : path;
}

async function readAll(
  from: string,
  limits: Parameters<typeof readOwnedAddress>[1],
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readOwnedAddress(from, limits)) pieces.push(piece);
  return Buffer.concat(pieces);
}
