/** What a `package.json` may say about where its source is. */
export type SourceNames = { repository?: string | { url: string }; homepage?: string };

/**
 * Where people find the source of the program that a `package.json` describes: its repository, else
 * its home page, as an address for a browser; null if it names neither.
 */
export function sourceAddress({ repository, homepage }: SourceNames): string | null {
  const named = typeof repository === 'object' ? repository.url : repository;
  for (const text of [named, homepage]) {
    const address = text?.replace(/^git\+/, '').replace(/\.git$/, '') ?? '';
    if (/^https?:\/\//.test(address) && URL.canParse(address)) return address;
  }
  return null;
}
