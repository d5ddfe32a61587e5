import * as v from 'valibot';
import { address, count } from './entities-fields.ts';
import { account } from './entities-people.ts';
import { rule } from './entities-server.ts';

const uploads = {
  supported_mime_types: v.array(v.string()),
  image_size_limit: count(),
  image_matrix_limit: count(),
  video_size_limit: count(),
  video_frame_rate_limit: count(),
  video_matrix_limit: count(),
};

const posts = v.object({
  max_characters: count(),
  max_media_attachments: count(),
  characters_reserved_per_url: count(),
});

const polls = v.object({
  max_options: count(),
  max_characters_per_option: count(),
  min_expiration: count(),
  max_expiration: count(),
});

/** What this server is and can do, as older apps ask. */
export const instanceV1 = v.looseObject({
  uri: v.string(),
  title: v.string(),
  short_description: v.string(),
  description: v.string(),
  email: v.string(),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+ \(compatible; /)),
  urls: v.object({ streaming_api: v.nullable(v.pipe(v.string(), v.regex(/^wss?:\/\//))) }),
  stats: v.object({ user_count: count(), status_count: count(), domain_count: count() }),
  thumbnail: v.nullable(address()),
  languages: v.array(v.string()),
  registrations: v.boolean(),
  approval_required: v.boolean(),
  invites_enabled: v.boolean(),
  contact_account: account,
  rules: v.array(rule),
  configuration: v.looseObject({
    accounts: v.looseObject({ max_featured_tags: count() }),
    statuses: posts,
    media_attachments: v.looseObject(uploads),
    polls,
  }),
});

/** What this server is and can do. */
export const instance = v.looseObject({
  domain: v.string(),
  title: v.string(),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+ \(compatible; /)),
  source_url: v.string(),
  description: v.string(),
  usage: v.object({ users: v.object({ active_month: count() }) }),
  thumbnail: v.looseObject({ url: address(), description: v.optional(v.nullable(v.string())) }),
  icon: v.array(v.object({ src: address(), size: v.string() })),
  languages: v.array(v.string()),
  registrations: v.looseObject({
    enabled: v.boolean(),
    approval_required: v.boolean(),
    message: v.nullable(v.string()),
  }),
  contact: v.object({ email: v.string(), account: v.nullable(account) }),
  rules: v.array(rule),
  api_versions: v.object({ mastodon: count() }),
  configuration: v.looseObject({
    urls: v.looseObject({ streaming: v.nullable(v.pipe(v.string(), v.regex(/^wss?:\/\//))) }),
    vapid: v.object({ public_key: v.string() }),
    accounts: v.looseObject({
      max_featured_tags: count(),
      max_pinned_statuses: count(),
      max_display_name_length: count(),
      max_note_length: count(),
      max_profile_fields: count(),
      profile_field_name_limit: count(),
      profile_field_value_limit: count(),
    }),
    statuses: posts,
    media_attachments: v.looseObject({ ...uploads, description_limit: count() }),
    polls,
    translation: v.object({ enabled: v.boolean() }),
  }),
});
