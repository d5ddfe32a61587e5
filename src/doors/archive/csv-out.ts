import { formatCsv } from '#base/core/csv.ts';

/** One line of a list as Mastodon writes it. */
export function csvLine(cells: readonly (string | boolean)[]): string {
  return formatCsv([cells.map(String)]);
}

/**
 * The first lines of those lists of Mastodon that have one; Mastodon and Pixelfed know the others by
 * their names and take every line of them.
 */
export const csvHeads = {
  following: csvLine(['Account address', 'Show boosts', 'Notify on new posts', 'Languages']),
  followers: csvLine(['Account address']),
  muted: csvLine(['Account address', 'Hide notifications']),
} as const;
