import { AppError } from '#base/core/errors.ts';
import { maxAltText } from '#domain/media/words.ts';
import { cleanLine, cleanText } from './caption.ts';

/** How much of everything a post can hold; characters are Unicode code points. */
export const postLimits = {
  photos: 20,
  caption: 5000,
  spoiler: 500,
  place: 100,
  altText: maxAltText,
  keyLength: 255,
  /** Milliseconds ahead for which a post can wait. */
  soonest: 5 * 60_000,
  latest: 3 * 366 * 24 * 60 * 60_000,
} as const;

type Words = { caption: string; spoiler: string; place: string; language: string | null };

/** The words of a post as they are stored; throws `invalid` with the field that is too long. */
export function cleanWords(words: Words): Words {
  const cleaned = {
    caption: cleanText(words.caption),
    spoiler: cleanLine(words.spoiler),
    place: cleanLine(words.place),
    language: words.language?.trim() || null,
  };
  checkLength('caption', 'The caption', cleaned.caption, postLimits.caption);
  checkLength('spoiler', 'The content warning', cleaned.spoiler, postLimits.spoiler);
  checkLength('place', 'The place', cleaned.place, postLimits.place);
  if (
    cleaned.language !== null &&
    !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(cleaned.language)
  ) {
    throw new AppError('invalid', 'The language must be a code like "en" or "pt-BR".', {
      fields: { language: 'Use a code like "en" or "pt-BR".' },
    });
  }
  return cleaned;
}

function checkLength(field: string, name: string, text: string, max: number): void {
  if (text.length <= max || [...text].length <= max) return;
  const sentence = `${name} can have at most ${max} characters.`;
  throw new AppError('invalid', sentence, { fields: { [field]: sentence } });
}
