import type { LicenceKey } from './licences.ts';
import type { Visibility } from './visibility.ts';

/** A row of `posts`; flags are 0 or 1, times milliseconds. */
export type PostRow = {
  id: number;
  accountId: number;
  /** Whose followers see it when the visibility is `followers`. */
  audienceId: number;
  visibility: Visibility;
  caption: string;
  /** Addresses of this instance are relative in here. */
  captionHtml: string;
  spoiler: string;
  sensitive: number;
  language: string | null;
  licence: LicenceKey;
  place: string;
  /** null for a post of its own, and for a comment whose post is gone. */
  inReplyToId: number | null;
  /** Not null: this is a comment, even when its post is gone; 0 when nobody here knows whose post it answers. */
  inReplyToAccountId: number | null;
  commentsDisabled: number;
  likesDisabled: number;
  sharesDisabled: number;
  mediaCount: number;
  repliesCount: number;
  likesCount: number;
  sharesCount: number;
  editsCount: number;
  publishedAt: number;
  editedAt: number | null;
  archivedAt: number | null;
  rev: number;
  /** The object's id on its server; null for local posts, like what follows. */
  uri: string | null;
  /** The page for people, on its own server. */
  url: string | null;
  /** What a remote post answers, whether that is here or not. */
  inReplyToUri: string | null;
  repliesUrl: string | null;
  repliesFetchedAt: number | null;
  receivedAt: number | null;
  /** A moderator took it out of sight; its author still sees it. */
  hiddenAt: number | null;
};

/** The columns of `PostRow`, for a query that calls the table `p`. */
export const POST_COLUMNS = `p.id, p.account_id AS accountId, p.audience_id AS audienceId,
  p.visibility, p.caption, p.caption_html AS captionHtml, p.spoiler, p.sensitive, p.language,
  p.licence, p.place, p.in_reply_to_id AS inReplyToId,
  p.in_reply_to_account_id AS inReplyToAccountId, p.comments_disabled AS commentsDisabled,
  p.likes_disabled AS likesDisabled, p.shares_disabled AS sharesDisabled,
  p.media_count AS mediaCount, p.replies_count AS repliesCount, p.likes_count AS likesCount,
  p.shares_count AS sharesCount, p.edits_count AS editsCount, p.published_at AS publishedAt,
  p.edited_at AS editedAt, p.archived_at AS archivedAt, p.rev, p.uri, p.url,
  p.in_reply_to_uri AS inReplyToUri, p.replies_url AS repliesUrl,
  p.replies_fetched_at AS repliesFetchedAt, p.received_at AS receivedAt, p.hidden_at AS hiddenAt`;
