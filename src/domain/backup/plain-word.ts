import * as v from 'valibot';

/**
 * An address or a version, which people read at a terminal while they decide whether to trust a backup:
 * one word, nothing that moves the cursor or paints over a fingerprint (T118).
 */
export const plainWord = v.pipe(v.string(), v.maxLength(500), v.regex(/^[\x21-\x7e]*$/));
