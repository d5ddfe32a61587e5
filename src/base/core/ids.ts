const SEQUENCES = 2048;

export type NewId = (atMs?: number) => number;

/**
 * Makes the ids of the house: `milliseconds * 2048 + sequence`, integers below 2^53 that order by
 * time. Never goes back behind `lastId`, even if the clock does. With `atMs` (a remote post's
 * publication, milliseconds) the id carries that time, but never one of the future; such ids may
 * collide with stored ones, so the writer asks again with the next.
 */
export function createIds(now: () => number, lastId = 0): NewId {
  let last = lastId;
  let backdated = 0;
  return (atMs) => {
    const present = now();
    if (atMs !== undefined && atMs < present) {
      backdated = (backdated + 1) % SEQUENCES;
      return Math.max(0, Math.floor(atMs)) * SEQUENCES + backdated;
    }
    last = Math.max(last + 1, present * SEQUENCES);
    return last;
  };
}

/** The millisecond that an id was made in. */
export function idTime(id: number): number {
  return Math.floor(id / SEQUENCES);
}

/** The first and the last id of the millisecond that an id was made in. */
export function idsBeside(id: number): { first: number; last: number } {
  const first = idTime(id) * SEQUENCES;
  return { first: Math.max(1, first), last: first + SEQUENCES - 1 };
}

/** Reads a decimal id from outside; null for anything that cannot be one. */
export function parseId(text: string): number | null {
  if (!/^[0-9]{1,16}$/.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}
