const hashtag = /(?:^|[^\p{L}\p{N}_#/&])#([\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*)/gu;

/** Length as people count it: one for every character, also beyond the first plane. */
export const captionLength = (text: string): number => Array.from(text).length;

/** Hashtags in the order of their first use, without `#`, each once whatever its case. */
export function captionTags(text: string): string[] {
  const seen = new Map<string, string>();
  for (const match of text.matchAll(hashtag)) {
    const tag = match[1] ?? '';
    if (!seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag);
  }
  return [...seen.values()];
}
