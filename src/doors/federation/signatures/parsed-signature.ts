import { AppError } from '#base/core/errors.ts';

/** What a request says about its signature; nothing of it is proven yet. */
export type ParsedSignature = {
  keyId: string;
  /** As the request calls it; null: whatever the key is for. */
  algorithm: string | null;
  signature: Uint8Array;
  /** The texts that may have been signed, the likeliest first. */
  bases: readonly string[];
};

/** Bytes of a header that is worth reading: a key of 4096 bits needs 700. */
export const MAX_HEADER = 8192;

/** The request is signed in a way that does not count. */
export function badSignature(sentence: string): AppError {
  return new AppError('unauthorized', sentence);
}
