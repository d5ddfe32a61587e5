import * as v from 'valibot';
import { address, count, date, id, time } from './entities-fields.ts';
import { account, relationship, report } from './entities-people.ts';
import { status } from './entities-posts.ts';

/** What somebody was told. */
export const notification = v.object({
  id: id(),
  type: v.picklist([
    'mention',
    'reblog',
    'favourite',
    'follow',
    'follow_request',
    'status',
    'update',
    'poll',
    'admin.sign_up',
    'admin.report',
  ]),
  created_at: time(),
  account,
  group_key: v.string(),
  status: v.optional(v.nullable(status)),
  report: v.optional(v.nullable(report)),
  relationship: v.optional(relationship),
});

/** News of the same kind about the same post, together. */
export const groupedNotifications = v.object({
  accounts: v.array(account),
  statuses: v.array(status),
  partial_accounts: v.optional(v.array(v.looseObject({ id: id() }))),
  notification_groups: v.array(
    v.object({
      group_key: v.string(),
      notifications_count: count(),
      type: v.string(),
      most_recent_notification_id: id(),
      page_min_id: v.optional(id()),
      page_max_id: v.optional(id()),
      latest_page_notification_at: v.optional(time()),
      sample_account_ids: v.array(id()),
      status_id: v.optional(id()),
      report: v.optional(report),
    }),
  ),
});

const verdict = v.picklist(['accept', 'filter', 'drop']);

/** Of whom a person wants to hear. */
export const notificationPolicy = v.object({
  for_not_following: verdict,
  for_not_followers: verdict,
  for_new_accounts: verdict,
  for_private_mentions: verdict,
  for_limited_accounts: verdict,
  summary: v.object({ pending_requests_count: count(), pending_notifications_count: count() }),
});

const marker = v.object({ last_read_id: id(), version: count(), updated_at: time() });

/** How far somebody has read. */
export const markers = v.object({ home: v.optional(marker), notifications: v.optional(marker) });

/** What new posts start with, and what is shown. */
export const preferences = v.object({
  'posting:default:visibility': v.picklist(['public', 'unlisted', 'private', 'direct']),
  'posting:default:sensitive': v.boolean(),
  'posting:default:language': v.nullable(v.string()),
  'posting:default:quote_policy': v.optional(v.string()),
  'reading:expand:media': v.picklist(['default', 'show_all', 'hide_all']),
  'reading:expand:spoilers': v.boolean(),
  'reading:autoplay:gifs': v.boolean(),
});

const applicationFields = {
  id: id(),
  name: v.string(),
  website: v.nullable(v.string()),
  scopes: v.array(v.string()),
  redirect_uris: v.array(v.string()),
  redirect_uri: v.string(),
  vapid_key: v.string(),
};

/** An app. */
export const application = v.object(applicationFields);

/** An app, with what it proves itself by. */
export const credentialApplication = v.object({
  ...applicationFields,
  client_id: v.string(),
  client_secret: v.string(),
  client_secret_expires_at: count(),
});

/** What an app speaks with. */
export const token = v.object({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  scope: v.string(),
  created_at: count(),
  refresh_token: v.optional(v.string()),
  expires_in: v.optional(count()),
});

/** A refusal. */
export const problem = v.object({
  error: v.string(),
  error_description: v.optional(v.string()),
});

const alerts = v.record(v.string(), v.boolean());

/** Where news are pushed to. */
export const webPushSubscription = v.object({
  id: v.union([id(), count()]),
  endpoint: address(),
  standard: v.boolean(),
  server_key: v.string(),
  policy: v.optional(v.string()),
  alerts,
});

/** A hashtag that somebody shows on their page. */
export const featuredTag = v.object({
  id: id(),
  name: v.string(),
  url: address(),
  statuses_count: v.pipe(v.string(), v.regex(/^\d+$/)),
  last_status_at: v.nullable(date()),
});

/** A rule of the house. */
export const rule = v.object({
  id: v.string(),
  text: v.string(),
  hint: v.optional(v.nullable(v.string())),
  translations: v.optional(v.record(v.string(), v.unknown())),
});
