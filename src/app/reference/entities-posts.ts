import * as v from 'valibot';
import { address, count, id, nothing, time } from './entities-fields.ts';
import { account, customEmoji } from './entities-people.ts';

const size = () =>
  v.object({ width: count(), height: count(), size: v.string(), aspect: v.number() });

/** One photo or film (docs.joinmastodon.org/entities/MediaAttachment) with Pixelfed's fields. */
export const mediaAttachment = v.object({
  id: id(),
  type: v.picklist(['image', 'gifv', 'video', 'audio', 'unknown']),
  url: v.nullable(address()),
  preview_url: v.nullable(address()),
  remote_url: v.nullable(address()),
  preview_remote_url: v.nullable(address()),
  text_url: v.nullable(address()),
  description: v.nullable(v.string()),
  blurhash: v.nullable(v.string()),
  meta: v.nullable(
    v.object({
      original: size(),
      small: size(),
      focus: v.object({ x: v.number(), y: v.number() }),
    }),
  ),
  optimized_url: v.nullable(address()),
  license: v.nullable(v.object({ id: count(), title: v.string(), url: v.string() })),
  filter_name: v.nullable(v.string()),
  filter_class: v.nullable(v.string()),
  mime: v.string(),
  is_nsfw: v.nullable(v.boolean()),
  orientation: v.nullable(v.string()),
  // Ours: every rendition for `srcset`, camera facts, and what was cut.
  tintype: v.object({
    renditions: v.array(
      v.object({ url: address(), width: count(), height: count(), mime: v.string() }),
    ),
    animated: v.boolean(),
    download_url: v.nullable(address()),
    camera: v.array(v.object({ label: v.string(), value: v.string() })),
    edits: v.object({
      rotate: count(),
      crop: v.nullable(
        v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number() }),
      ),
    }),
  }),
});

/** Where a filter is applied. */
export const filterContext = v.picklist(['home', 'notifications', 'public', 'thread', 'account']);

const filterFields = {
  id: id(),
  title: v.string(),
  context: v.array(filterContext),
  expires_at: v.nullable(time()),
  filter_action: v.picklist(['warn', 'hide', 'blur']),
};

/** Words and posts that a person does not want to see. */
export const filterKeyword = v.object({ id: id(), keyword: v.string(), whole_word: v.boolean() });
export const filterStatus = v.object({ id: id(), status_id: id() });
export const filter = v.object({
  ...filterFields,
  keywords: v.array(filterKeyword),
  statuses: v.array(filterStatus),
});

/** The older shape of a filter: one word each. */
export const filterV1 = v.object({
  id: id(),
  phrase: v.string(),
  context: v.array(filterContext),
  expires_at: v.nullable(time()),
  irreversible: v.boolean(),
  whole_word: v.boolean(),
});

/** Why a post is covered for its viewer. */
export const filterResult = v.object({
  filter: v.object(filterFields),
  keyword_matches: v.nullable(v.array(v.string())),
  status_matches: v.nullable(v.array(id())),
});

const statusFields = {
  id: id(),
  uri: address(),
  url: v.nullable(address()),
  created_at: time(),
  edited_at: v.nullable(time()),
  account,
  content: v.string(),
  visibility: v.picklist(['public', 'unlisted', 'private', 'direct']),
  sensitive: v.boolean(),
  spoiler_text: v.string(),
  language: v.nullable(v.string()),
  in_reply_to_id: v.nullable(id()),
  in_reply_to_account_id: v.nullable(id()),
  media_attachments: v.array(mediaAttachment),
  mentions: v.array(v.object({ id: id(), username: v.string(), url: address(), acct: v.string() })),
  tags: v.array(v.object({ name: v.string(), url: address() })),
  emojis: v.array(customEmoji),
  replies_count: count(),
  reblogs_count: count(),
  favourites_count: count(),
  quotes_count: count(),
  application: v.nullable(v.object({ name: v.string(), website: v.nullable(v.string()) })),
  card: v.null(),
  poll: v.null(),
  quote: v.null(),
  favourited: v.boolean(),
  reblogged: v.boolean(),
  muted: v.boolean(),
  bookmarked: v.boolean(),
  pinned: v.optional(v.boolean()),
  filtered: v.array(filterResult),
  pf_type: v.picklist(['photo', 'photo:album', 'text', 'reply']),
  content_text: v.nullable(v.string()),
  reply_count: count(),
  shortcode: v.nullable(v.string()),
  place: v.nullable(
    v.object({ id: v.string(), slug: v.string(), name: v.string(), country: v.string() }),
  ),
  liked_by: v.null(),
  taggedPeople: nothing(),
  comments_disabled: v.boolean(),
  local: v.boolean(),
  thread: v.boolean(),
  replies: nothing(),
  parent: nothing(),
  label: v.object({ covid: v.literal(false) }),
  liked_at: v.nullable(time()),
  _v: v.literal(1),
  tintype: v.object({
    visibility: v.picklist(['public', 'unlisted', 'followers', 'self', 'direct']),
    archived: v.boolean(),
    edits: count(),
    license: v.nullable(v.object({ id: count(), title: v.string(), url: v.string() })),
    allows: v.object({ like: v.boolean(), share: v.boolean(), comment: v.boolean() }),
    hides: v.optional(
      v.object({
        likes: v.boolean(),
        boosts: v.boolean(),
        comments: v.boolean(),
        counts: v.boolean(),
      }),
    ),
  }),
};

/** A post (docs.joinmastodon.org/entities/Status) with Pixelfed's fields; a boost wraps another one. */
export const status = v.object({
  ...statusFields,
  // Never a boost of a boost.
  reblog: v.nullable(v.object({ ...statusFields, reblog: v.null() })),
});

/** What DELETE answers: the post once more, with its caption as it was typed. */
export const deletedStatus = v.object({ ...status.entries, text: v.string() });

/** What stands above and below a post. */
export const context = v.object({ ancestors: v.array(status), descendants: v.array(status) });

/** The caption as it was typed. */
export const statusSource = v.object({ id: id(), text: v.string(), spoiler_text: v.string() });

/** One state of a post. */
export const statusEdit = v.object({
  content: v.string(),
  spoiler_text: v.string(),
  sensitive: v.boolean(),
  created_at: time(),
  account,
  media_attachments: v.array(mediaAttachment),
  emojis: v.array(customEmoji),
  tintype: v.object({ alt_texts: v.array(v.string()) }),
});

/** A post that waits for its hour. */
export const scheduledStatus = v.object({
  id: id(),
  scheduled_at: time(),
  params: v.looseObject({
    text: v.string(),
    media_ids: v.nullable(v.array(id())),
    sensitive: v.nullable(v.boolean()),
    spoiler_text: v.nullable(v.string()),
    visibility: v.string(),
    in_reply_to_id: v.nullable(id()),
    language: v.nullable(v.string()),
    poll: v.null(),
    application_id: v.nullable(v.union([id(), count()])),
    scheduled_at: v.null(),
    idempotency: v.nullable(v.string()),
    with_rate_limit: v.literal(false),
  }),
  media_attachments: v.array(mediaAttachment),
});

/** Messages between some people. */
export const conversation = v.object({
  id: id(),
  unread: v.boolean(),
  accounts: v.array(account),
  last_status: v.nullable(status),
});

/** A hashtag and how it was used of late. */
export const tag = v.object({
  id: v.string(),
  name: v.string(),
  url: address(),
  history: v.array(
    v.object({
      day: v.pipe(v.string(), v.regex(/^\d+$/)),
      uses: v.pipe(v.string(), v.regex(/^\d+$/)),
      accounts: v.pipe(v.string(), v.regex(/^\d+$/)),
    }),
  ),
  following: v.optional(v.boolean()),
  featuring: v.optional(v.boolean()),
  count: v.optional(count()),
});

/** What was found. */
export const search = v.object({
  accounts: v.array(account),
  statuses: v.array(status),
  hashtags: v.array(tag),
});
