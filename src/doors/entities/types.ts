/**
 * The JSON shapes that outsiders see: Mastodon's entities (docs.joinmastodon.org/entities) joined
 * with Pixelfed's extra fields. Ids are decimal strings, dates `YYYY-MM-DDTHH:mm:ss.sssZ`.
 */
export type AccountJson = {
  id: string;
  username: string;
  acct: string;
  display_name: string;
  url: string;
  uri: string;
  /** HTML. */
  note: string;
  avatar: string;
  avatar_static: string;
  avatar_description: string;
  header: string;
  header_static: string;
  header_description: string;
  locked: boolean;
  bot: boolean;
  group: boolean;
  discoverable: boolean | null;
  indexable: boolean;
  noindex: boolean;
  suspended?: boolean;
  limited?: boolean;
  /** Where the person is now. */
  moved?: AccountJson;
  hide_collections: boolean | null;
  /** Floored to midnight UTC. */
  created_at: string;
  /** `YYYY-MM-DD`. */
  last_status_at: string | null;
  statuses_count: number;
  followers_count: number;
  following_count: number;
  emojis: never[];
  fields: { name: string; value: string; verified_at: string | null }[];
  roles: { id: string; name: string; color: string }[];
  note_text: string | null;
  website: string;
  pronouns: string[];
  location: string | null;
  header_bg: string | null;
  last_fetched_at: string | null;
  local: boolean;
  is_admin: boolean;
};

export type CredentialAccountJson = AccountJson & {
  source: {
    note: string;
    fields: { name: string; value: string }[];
    privacy: 'public' | 'unlisted' | 'private' | 'direct';
    sensitive: boolean;
    language: string | null;
    follow_requests_count: number;
    hide_collections: boolean | null;
    discoverable: boolean | null;
    indexable: boolean;
    attribution_domains: string[];
    quote_policy: string;
  };
  role: { id: string; name: string; color: string; permissions: string; highlighted: boolean };
  settings: Record<string, boolean>;
  /** Ours: what the photos take up. */
  tintype: {
    storage: {
      used_bytes: number;
      /** null: no limit. */
      quota_bytes: number | null;
      originals_bytes: number;
      renditions_bytes: number;
    };
  };
};

export type MediaSizeJson = { width: number; height: number; size: string; aspect: number };

export type LicenceJson = { id: number; title: string; url: string };

export type MediaAttachmentJson = {
  id: string;
  type: 'image' | 'gifv' | 'unknown';
  /** The large rendition; null while processing. */
  url: string | null;
  /** The small rendition. */
  preview_url: string | null;
  remote_url: string | null;
  preview_remote_url: string | null;
  text_url: string | null;
  /** Alt text. */
  description: string | null;
  blurhash: string | null;
  meta: {
    original: MediaSizeJson;
    small: MediaSizeJson;
    focus: { x: number; y: number };
  } | null;
  optimized_url: string | null;
  license: LicenceJson | null;
  filter_name: string | null;
  filter_class: string | null;
  mime: string;
  is_nsfw: boolean | null;
  orientation: string | null;
  /** Ours: every rendition, smallest first, for `srcset`. */
  tintype: {
    renditions: { url: string; width: number; height: number; mime: string }[];
    animated: boolean;
    /** Address of the cleaned original, if its author offers it. */
    download_url: string | null;
    /** Camera facts as the author chose to show them, ready to print ("f/1.8", "1/120 s"). */
    camera: { label: string; value: string }[];
    edits: { rotate: number; crop: { x: number; y: number; width: number; height: number } | null };
  };
};

/** A person's filter without its words and posts. */
export type FilterJson = {
  id: string;
  title: string;
  context: string[];
  expires_at: string | null;
  filter_action: 'warn' | 'hide' | 'blur';
};

/** That a post meets a filter of the viewer, and by what. */
export type FilterResultJson = {
  filter: FilterJson;
  keyword_matches: string[] | null;
  status_matches: string[] | null;
};

export type StatusJson = {
  id: string;
  uri: string;
  url: string;
  created_at: string;
  edited_at: string | null;
  account: AccountJson;
  /** HTML of the caption. */
  content: string;
  /** Only in the answer to DELETE. */
  text?: string;
  visibility: 'public' | 'unlisted' | 'private' | 'direct';
  sensitive: boolean;
  spoiler_text: string;
  language: string | null;
  in_reply_to_id: string | null;
  in_reply_to_account_id: string | null;
  reblog: StatusJson | null;
  media_attachments: MediaAttachmentJson[];
  mentions: { id: string; username: string; url: string; acct: string }[];
  tags: { name: string; url: string }[];
  emojis: never[];
  replies_count: number;
  reblogs_count: number;
  favourites_count: number;
  quotes_count: number;
  application: { name: string; website: string | null } | null;
  card: null;
  poll: null;
  quote: null;
  favourited: boolean;
  reblogged: boolean;
  muted: boolean;
  bookmarked: boolean;
  pinned?: boolean;
  filtered: FilterResultJson[];
  pf_type: 'photo' | 'photo:album' | 'text' | 'reply';
  content_text: string | null;
  reply_count: number;
  shortcode: string | null;
  place: { id: string; slug: string; name: string; country: string } | null;
  liked_by: null;
  taggedPeople: never[];
  comments_disabled: boolean;
  local: boolean;
  thread: boolean;
  replies: never[];
  parent: never[];
  label: { covid: false };
  liked_at: string | null;
  _v: 1;
  /** Ours: what the page needs beyond the apps' fields. */
  tintype: {
    visibility: 'public' | 'unlisted' | 'followers' | 'self' | 'direct';
    archived: boolean;
    edits: number;
    license: LicenceJson | null;
    /** What others may do with it. */
    allows: { like: boolean; share: boolean; comment: boolean };
    /** Which of them and of their numbers are not shown to whoever asks; left out where all are. */
    hides?: { likes: boolean; boosts: boolean; comments: boolean; counts: boolean };
  };
};
