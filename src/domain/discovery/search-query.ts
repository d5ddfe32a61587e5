const MOST_WORDS = 16;
const LONGEST_WORD = 60;
/** Beginnings of words that have an index (`post_words`); any other would read all words that begin so. */
const BEGINNING = { least: 2, most: 6 };

/**
 * What FTS5 is asked for a text from a search box: every word of it, a short last one as the beginning
 * of a word; null if there is none. Each is quoted, so that nothing in it is an operator (T83).
 */
export function searchQuery(text: string): string | null {
  const words = text
    .normalize('NFC')
    .split(/[\s\p{Cc}"]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS)
    .map((word) => [...word].slice(0, LONGEST_WORD).join(''));
  const last = words.at(-1);
  if (last === undefined) return null;
  const { length } = [...last];
  const open = length >= BEGINNING.least && length <= BEGINNING.most ? '*' : '';
  return `${words.map((word) => `"${word}"`).join(' ')}${open}`;
}
