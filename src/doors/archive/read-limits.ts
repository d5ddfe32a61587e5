/**
 * What an archive may be at most, whatever it says of itself (T116). Our own archives have up to
 * eight entries a photo (original, two sidecars, sizes for the gallery), so 250,000 entries are thirty
 * thousand photos; fifty thousand entries, as others allow, would be six thousand.
 */
export const readLimits = {
  entries: 250_000,
  nameBytes: 1024,
  /** Bytes that come out of a byte, once there is more than `ratioFrom`: pictures hardly shrink, words by thirty. */
  ratio: 100,
  ratioFrom: 4_000_000,
  /** Bytes of all texts (JSON, CSV) that are read of one archive. */
  texts: 1_000_000_000,
  /** Bytes of one thing in a list: a post with its comments. */
  element: 8_000_000,
  /** Brackets inside brackets. */
  depth: 60,
  /** Things that are planned: posts, people, …. */
  items: 200_000,
} as const;

/** An archive cannot be read, or not be trusted; the message is a sentence for whoever brought it. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
}
