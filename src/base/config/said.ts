/** What somebody said about a key, and where: `--listen`, `TINTYPE_LISTEN` or `tintype.toml`. */
export type Said = { key: string; text: string; where: string };

/** What a source of settings gives: what was said, and one sentence for each mistake. */
export type Reading = { said: Said[]; mistakes: Record<string, string> };
