const MOST_WORDS = 16;
const LONGEST_WORD = 60;

/**
 * What FTS5 is asked for a text from a search box: every word of it, as the beginning of a word; null if
 * there is none. Each is quoted, so that nothing in it is an operator (T83).
 */
export function searchQuery(text: string): string | null {
  const words = text
    .normalize('NFC')
    .split(/[\s\p{Cc}"]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS)
    .map((word) => `"${[...word].slice(0, LONGEST_WORD).join('')}"*`);
  return words.length === 0 ? null : words.join(' ');
}
