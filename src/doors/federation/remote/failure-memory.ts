import type { DocumentError, DocumentFailure } from './document-error.ts';

/** Addresses that are remembered; beyond that the oldest go (T51). */
const MOST = 5000;
const MINUTE = 60_000;

/** Milliseconds in which nobody asks again. */
const REST: Record<DocumentFailure, number> = {
  gone: 30 * MINUTE,
  refused: 15 * MINUTE,
  invalid: 15 * MINUTE,
  unreachable: 3 * MINUTE,
};

export type FailureMemory = {
  get(key: string): DocumentError | null;
  set(key: string, error: DocumentError): void;
  delete(key: string): void;
  size(): number;
};

/** Remembers for a while what could not be had, so that no flood of activities makes us knock again and again (T50). */
export function createFailureMemory(now: () => number): FailureMemory {
  const known = new Map<string, { error: DocumentError; until: number }>();
  return {
    get: (key) => {
      const found = known.get(key);
      if (found === undefined) return null;
      if (found.until > now()) return found.error;
      known.delete(key);
      return null;
    },
    set: (key, error) => {
      known.delete(key);
      known.set(key, { error, until: now() + REST[error.failure] });
      for (const oldest of known.keys()) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
    },
    delete: (key) => {
      known.delete(key);
    },
    size: () => known.size,
  };
}
