const FIRST = 5_000;
const LONGEST = 6 * 3_600_000;

/**
 * Milliseconds until the next try after `attempts` failed ones: 5 s doubled each time, at most 6 h,
 * a quarter more or less so that what failed together does not come back together.
 */
export function backoff(attempts: number, random: () => number = Math.random): number {
  const plain = Math.min(LONGEST, FIRST * 2 ** Math.max(0, attempts - 1));
  return Math.round(plain * (0.75 + random() / 2));
}
