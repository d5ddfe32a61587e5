/** When this line was written: no executable that holds it is older. */
const FIRST = Date.parse('2026-01-01T00:00:00Z');
const DAY = 24 * 3_600_000;

/**
 * Whether a clock (milliseconds since 1970) can be right: a machine without a battery starts in 1970,
 * and nothing was built in the future. `builtAt` is ISO 8601; null where that is not known. A day is
 * given, for time zones that were set wrong.
 */
export function isClockRight(now: number, builtAt: string | null): boolean {
  const built = builtAt === null ? Number.NaN : Date.parse(builtAt);
  return now >= (Number.isNaN(built) ? FIRST : built) - DAY;
}
