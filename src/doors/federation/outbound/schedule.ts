const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const PAUSES = [
  30_000,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
] as const;
const LONGEST = 12 * HOUR;

/** Milliseconds from the first try after which a delivery may be given up. */
const GIVE_UP_AFTER = 7 * 24 * HOUR;
/**
 * Tries that a delivery has had by then: the schedule makes twenty of them in a week, so a server
 * that was switched off for that week does not give up at the first try afterwards.
 */
const GIVE_UP_TRIES = 12;
/** What a server may ask for with `Retry-After`. */
const LONGEST_ASKED = 24 * HOUR;

/**
 * Milliseconds until the next try after `failures` failed ones: 30 s, 2 min, 10 min, 30 min, 1 h,
 * 3 h, 6 h, then 12 h each; a fifth more or less, so that what failed together does not come back
 * together.
 */
export function pauseAfter(failures: number, random: () => number): number {
  const plain = PAUSES[Math.max(0, failures - 1)] ?? LONGEST;
  return Math.round(plain * (0.8 + random() * 0.4));
}

/** Milliseconds over which those are spread that wait for the end of a pause, so that a server that comes back is not overrun. */
export function spreadOf(pause: number): number {
  return Math.max(1, Math.round(Math.min(pause / 10, 2 * MINUTE)));
}

/** True when a delivery has been tried for a week, and often enough. Times in milliseconds since 1970. */
export function isOver(tries: number, firstTriedAt: number, now: number): boolean {
  return tries >= GIVE_UP_TRIES && now - firstTriedAt >= GIVE_UP_AFTER;
}

/** Bounds of the same decision for many rows at once. */
export const giveUp = { after: GIVE_UP_AFTER, tries: GIVE_UP_TRIES } as const;

/** Milliseconds that a `Retry-After` header asks for (RFC 9110 §10.2.3: seconds or a date), at most a day; null without a usable one. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const asked = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(asked) && asked > 0 ? Math.min(asked, LONGEST_ASKED) : null;
}
