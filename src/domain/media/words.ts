import { AppError } from '#base/core/errors.ts';

/** Characters (code points) that the description of one photo may have, as on Mastodon. */
export const maxAltText = 1500;

export type Focus = { x: number; y: number };

/** Alt text as it is stored: trimmed, one kind of line break. Throws `invalid` if it is too long. */
export function cleanDescription(text: string): string {
  const clean = text.replaceAll('\0', '').replace(/\r\n?/g, '\n').normalize('NFC').trim();
  if ([...clean].length > maxAltText) {
    throw new AppError(
      'invalid',
      `The description of a photo can have ${maxAltText} characters at most.`,
      { fields: { description: 'This is too long.' } },
    );
  }
  return clean;
}

/** A focal point inside the picture: each axis from -1 to 1, the centre for what is no number. */
export function cleanFocus(focus: Focus): Focus {
  const axis = (value: number) => (Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : 0);
  return { x: axis(focus.x), y: axis(focus.y) };
}
