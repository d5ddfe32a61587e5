import * as v from 'valibot';

/** A text of a form: what is missing or no text counts as empty, because browsers leave things out. */
export const formText = () => v.optional(v.fallback(v.string(), ''), '');

/** A checkbox: it sends something when it is on, and nothing when it is off. */
export const formSwitch = () =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => value !== '' && value !== '0' && value !== 'false'),
    ),
    '',
  );
