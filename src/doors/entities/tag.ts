import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import type { FeaturedTagRow } from '#domain/posts/featured-tag-queries.ts';
import { findTagMarks, listTagDays, type TagRow } from '#domain/posts/followed-tag-queries.ts';
import { addresses } from './addresses.ts';
import { day } from './dates.ts';

/** A hashtag (Mastodon's Tag); numbers of the history are texts. */
export type TagJson = {
  id: string;
  name: string;
  url: string;
  /** The last seven days, today first; `day` is seconds since 1970 at its midnight. */
  history: { day: string; uses: string; accounts: string }[];
  following: boolean;
  featuring: boolean;
};

const DAY = 86_400_000;
const DAYS = 7;

/** Hashtags as apps read them, in the order given: two statements for any number. */
export function tagsJson(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  viewer: Pick<Viewer, 'id'> | null,
  tags: readonly TagRow[],
): TagJson[] {
  const ids = tags.map((tag) => tag.id);
  const today = Math.floor(ctx.now() / DAY);
  // Ids carry their time: see `base/core/ids.ts`.
  const days = ids.length > 0 ? listTagDays(ctx.db, ids, (today - DAYS + 1) * DAY * 2048 - 1) : [];
  const marks = viewer && ids.length > 0 ? findTagMarks(ctx.db, viewer.id, ids) : new Map();
  const used = new Map(days.map((each) => [`${each.tagId} ${each.day}`, each]));
  const to = addresses(ctx.config);
  return tags.map(({ id, name, display }) => ({
    id: String(id),
    name: display,
    url: to.tag(name),
    history: Array.from({ length: DAYS }, (_, ago) => {
      const use = used.get(`${id} ${today - ago}`);
      return {
        day: String(((today - ago) * DAY) / 1000),
        uses: String(use?.uses ?? 0),
        accounts: String(use?.people ?? 0),
      };
    }),
    following: ((marks.get(id) ?? 0) & 1) !== 0,
    featuring: ((marks.get(id) ?? 0) & 2) !== 0,
  }));
}

/** A hashtag on a profile (Mastodon's FeaturedTag). */
export type FeaturedTagJson = {
  id: string;
  name: string;
  url: string;
  statuses_count: string;
  last_status_at: string | null;
};

/** The tags that somebody of this instance features. */
export function featuredTagsJson(
  ctx: Pick<Context, 'config'>,
  rows: readonly FeaturedTagRow[],
): FeaturedTagJson[] {
  const to = addresses(ctx.config);
  return rows.map((row) => ({
    id: String(row.id),
    name: row.display,
    url: to.tag(row.name),
    statuses_count: String(row.posts),
    last_status_at: row.lastAt === null ? null : day(row.lastAt),
  }));
}
