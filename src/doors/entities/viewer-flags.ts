import type { StatusJson } from './types.ts';

/** The last keys of every status: what a viewer did to it. Kept apart from the text that all viewers share. */
const NONE = ',"favourited":false,"reblogged":false,"muted":false,"bookmarked":false}';

type Flagged = Pick<StatusJson, 'favourited' | 'reblogged' | 'muted' | 'bookmarked' | 'pinned'>;

/** The fields for `PostStamp.flags`; `pinned` is said of the viewer's own posts alone. */
export function flagFields(flags: number): Flagged {
  return {
    favourited: (flags & 1) !== 0,
    reblogged: (flags & 2) !== 0,
    muted: (flags & 32) !== 0,
    bookmarked: (flags & 4) !== 0,
    ...((flags & 16) === 0 ? {} : { pinned: (flags & 8) !== 0 }),
  };
}

/** The text of a status up to these fields. */
export function textBeforeFlags(json: Omit<StatusJson, 'reblog'>): string {
  const text = JSON.stringify(json);
  if (!text.endsWith(NONE)) throw new Error('The flags must be the last keys of a status.');
  return text.slice(0, -NONE.length);
}

/** The rest of that text. */
export function flagsText(flags: number): string {
  return flags === 0 ? NONE : `,${JSON.stringify(flagFields(flags)).slice(1)}`;
}
