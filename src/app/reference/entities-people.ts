import * as v from 'valibot';
import { address, count, date, id, time } from './entities-fields.ts';

export const customEmoji = v.object({
  shortcode: v.string(),
  url: address(),
  static_url: address(),
  visible_in_picker: v.boolean(),
  category: v.nullable(v.string()),
});

const accountFields = {
  id: id(),
  username: v.string(),
  acct: v.string(),
  display_name: v.string(),
  url: v.nullable(address()),
  uri: address(),
  note: v.string(),
  avatar: address(),
  avatar_static: address(),
  avatar_description: v.string(),
  header: address(),
  header_static: address(),
  header_description: v.string(),
  locked: v.boolean(),
  bot: v.boolean(),
  group: v.boolean(),
  discoverable: v.nullable(v.boolean()),
  indexable: v.boolean(),
  noindex: v.optional(v.boolean()),
  suspended: v.optional(v.boolean()),
  limited: v.optional(v.boolean()),
  memorial: v.optional(v.boolean()),
  hide_collections: v.nullable(v.boolean()),
  created_at: time(),
  last_status_at: v.nullable(date()),
  statuses_count: count(),
  followers_count: count(),
  following_count: count(),
  emojis: v.array(customEmoji),
  fields: v.array(
    v.object({ name: v.string(), value: v.string(), verified_at: v.nullable(time()) }),
  ),
  roles: v.array(v.object({ id: id(), name: v.string(), color: v.string() })),
  note_text: v.nullable(v.string()),
  website: v.string(),
  pronouns: v.array(v.string()),
  location: v.nullable(v.string()),
  header_bg: v.nullable(v.string()),
  last_fetched_at: v.nullable(time()),
  local: v.boolean(),
  is_admin: v.boolean(),
};

/** A person (docs.joinmastodon.org/entities/Account) with Pixelfed's fields. */
export const account = v.object({
  ...accountFields,
  // Where the person is now; one step alone.
  moved: v.optional(v.nullable(v.object(accountFields))),
});

/** Somebody muted, until when (null: for good). */
export const mutedAccount = v.object({
  ...account.entries,
  mute_expires_at: v.nullable(time()),
});

const flags = (names: string) =>
  v.object(Object.fromEntries(names.split(' ').map((name) => [name, v.boolean()])));

/** The own account, with what only its holder may know. */
export const credentialAccount = v.object({
  ...account.entries,
  source: v.object({
    note: v.string(),
    fields: v.array(
      v.object({
        name: v.string(),
        value: v.string(),
        verified_at: v.optional(v.nullable(time())),
      }),
    ),
    privacy: v.picklist(['public', 'unlisted', 'private', 'direct']),
    sensitive: v.boolean(),
    language: v.nullable(v.string()),
    follow_requests_count: count(),
    hide_collections: v.nullable(v.boolean()),
    discoverable: v.nullable(v.boolean()),
    indexable: v.boolean(),
    attribution_domains: v.array(v.string()),
    quote_policy: v.string(),
  }),
  role: v.object({
    id: v.string(),
    name: v.string(),
    color: v.string(),
    permissions: v.pipe(v.string(), v.regex(/^\d+$/)),
    highlighted: v.boolean(),
  }),
  // Every name is read by Pixelfed's app, whether it is there or not.
  settings: flags(
    'crawlable disable_embeds high_contrast_mode indexable is_suggestable media_descriptions ' +
      'public_dm reduce_motion show_atom show_profile_follower_count ' +
      'show_profile_following_count video_autoplay',
  ),
  tintype: v.object({
    storage: v.object({
      used_bytes: count(),
      quota_bytes: v.nullable(count()),
      originals_bytes: count(),
      renditions_bytes: count(),
    }),
  }),
});

/** How the viewer stands to an account. */
export const relationship = v.object({
  id: id(),
  following: v.boolean(),
  showing_reblogs: v.boolean(),
  notifying: v.boolean(),
  languages: v.nullable(v.array(v.string())),
  followed_by: v.boolean(),
  blocking: v.boolean(),
  blocked_by: v.boolean(),
  muting: v.boolean(),
  muting_notifications: v.boolean(),
  muting_expires_at: v.nullable(time()),
  requested: v.boolean(),
  requested_by: v.boolean(),
  domain_blocking: v.boolean(),
  endorsed: v.boolean(),
  note: v.string(),
  following_since: v.nullable(time()),
});

/** Whom the viewer and somebody else both know. */
export const familiarFollowers = v.object({ id: id(), accounts: v.array(account) });

/** Somebody to get to know. */
export const suggestion = v.object({
  source: v.picklist(['staff', 'past_interactions', 'global']),
  sources: v.array(v.string()),
  account,
});

/** People whose posts a person reads together. */
export const list = v.object({
  id: id(),
  title: v.string(),
  replies_policy: v.picklist(['followed', 'list', 'none']),
  exclusive: v.boolean(),
});

/** What was told to the admins about somebody. */
export const report = v.object({
  id: id(),
  action_taken: v.boolean(),
  action_taken_at: v.nullable(time()),
  category: v.picklist(['spam', 'legal', 'violation', 'other']),
  comment: v.string(),
  forwarded: v.boolean(),
  created_at: time(),
  status_ids: v.nullable(v.array(id())),
  rule_ids: v.nullable(v.array(v.string())),
  target_account: account,
});
