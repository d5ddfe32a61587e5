import { badSignature } from './parsed-signature.ts';

const HOUR = 3_600_000;
/** How old a signature may be: queues of other servers stand still for hours. */
const PAST = 12 * HOUR;
/** How far a clock may be ahead. */
const FUTURE = HOUR;

// RFC 9110 §5.6.7; two `Date` headers in one never have this shape.
const IMF_DATE = /^[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC)$/;

/** The moment (ms) that a `Date` header says; throws `unauthorized` for anything else (T17). */
export function readDate(header: string | null): number {
  const time = header !== null && IMF_DATE.test(header) ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(time)) throw badSignature('The Date header is no date.');
  return time;
}

/** Throws `unauthorized` unless something signed at `time` may come in at `now` (ms). */
export function demandRecent(time: number, now: number): void {
  // Asked this way round, what is no number is refused as well.
  if (!(time >= now - PAST)) throw badSignature('The signature is older than twelve hours.');
  if (!(time <= now + FUTURE)) throw badSignature('The signature is from the future.');
}

/** Throws `unauthorized` if `expires` (seconds) is over. */
export function demandUnexpired(expires: number, now: number): void {
  if (!(expires * 1000 > now)) throw badSignature('The signature has expired.');
}
