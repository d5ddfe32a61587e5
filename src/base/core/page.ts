/** Which slice of a list is asked for; ids are exclusive bounds (Mastodon's paging). */
export type Page = {
  limit: number;
  /** Older than this id. */
  maxId: number | null;
  /** Newer than this id, the newest first. */
  sinceId: number | null;
  /** The slice immediately newer than this id. */
  minId: number | null;
};

/** The first slice of a list. */
export function firstPage(limit = 20): Page {
  return { limit, maxId: null, sinceId: null, minId: null };
}
