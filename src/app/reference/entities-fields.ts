import * as v from 'valibot';

/** An id: decimal digits as text, larger than what JavaScript counts exactly. */
export const id = () => v.pipe(v.string(), v.regex(/^\d+$/, 'is no id of decimal digits'));

/** A moment in UTC: `YYYY-MM-DDTHH:mm:ss.sssZ`, always with three digits (some apps read nothing else). */
export const time = () =>
  v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'is no moment with milliseconds and Z'),
  );

/** A day: `YYYY-MM-DD`. */
export const date = () => v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/, 'is no day'));

/** An absolute address. */
export const address = () => v.pipe(v.string(), v.regex(/^(https?|wss?):\/\//, 'is no address'));

/** A whole number. */
export const count = () => v.pipe(v.number(), v.integer());

/** What is always empty here, and always there, because apps read it. */
export const nothing = () => v.pipe(v.array(v.unknown()), v.maxLength(0));
