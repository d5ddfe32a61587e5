import type { Context } from '#base/context.ts';
import { defaultPreferences, readManyPreferences } from '#domain/accounts/preferences.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import { listMediaOfPosts } from '#domain/media/reading.ts';

import { type Allowed, allowedOn, readFeatures } from '#domain/posts/interactions.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { listWordsOfPosts } from '#domain/posts/words-queries.ts';
import { accountsJson } from './account.ts';
import { absoluteHtml, addresses } from './addresses.ts';
import { dateTime } from './dates.ts';
import { hideReactions, hidesNothing } from './hide-reactions.ts';
import { licenceJson } from './licence.ts';
import { mediaJson } from './media.ts';
import type { AccountJson, MediaAttachmentJson, StatusJson } from './types.ts';
import { apiVisibility } from './visibility.ts';

/** Posts as outsiders see them, in the order given, the same for every viewer: six statements for any number. */
export function statusesJson(ctx: Context, posts: readonly PostRow[]): StatusJson[] {
  if (posts.length === 0) return [];
  const postIds = posts.map((post) => post.id);
  const authorIds = [...new Set(posts.map((post) => post.accountId))];
  const rows = findAccounts(ctx.db, authorIds);
  const authors = new Map(
    accountsJson(ctx, [...rows.values()]).map((account) => [Number(account.id), account]),
  );
  const preferences = readManyPreferences(ctx.db, authorIds);
  const photos = listMediaOfPosts(ctx.db, postIds);
  const words = listWordsOfPosts(ctx.db, postIds);
  const features = readFeatures(ctx);
  const tags = Map.groupBy(words.tags, (tag) => tag.postId);
  const mentions = Map.groupBy(words.mentions, (mention) => mention.postId);
  return posts.flatMap((post) => {
    const account = authors.get(post.accountId);
    if (!account) return [];
    const wishes = preferences.get(post.accountId) ?? defaultPreferences;
    const media = mediaJson(ctx, photos.get(post.id) ?? [], {
      preferences: wishes,
      licence: post.licence,
      sensitive: post.sensitive !== 0,
    });
    const tagged = tags.get(post.id) ?? [];
    const parts = { account, media, tags: tagged, mentions: mentions.get(post.id) ?? [] };
    const json = statusJson(ctx, post, { ...parts, allows: allowedOn(post, wishes, features) });
    return [hidesNothing(features) ? json : hideReactions(json, features)];
  });
}

type Tag = { name: string };
type Mention = {
  accountId: number;
  username: string;
  domain: string | null;
  url: string | null;
  uri: string | null;
};

type Parts = {
  account: AccountJson;
  media: MediaAttachmentJson[];
  tags: Tag[];
  mentions: Mention[];
  allows: Allowed;
};

function statusJson(ctx: Context, post: PostRow, parts: Parts): StatusJson {
  const { account, media, tags, mentions, allows } = parts;
  const to = addresses(ctx.config);
  return {
    id: String(post.id),
    uri: post.uri ?? to.postUri(account.username, post.id),
    url: post.uri === null ? to.post(account.username, post.id) : (post.url ?? post.uri),
    created_at: dateTime(post.publishedAt),
    edited_at: post.editedAt === null ? null : dateTime(post.editedAt),
    account,
    content: post.uri === null ? absoluteHtml(post.captionHtml, to.origin) : post.captionHtml,
    visibility: apiVisibility(post.visibility),
    sensitive: post.sensitive !== 0,
    spoiler_text: post.spoiler,
    language: post.language,
    ...replyFields(post),
    reblog: null,
    media_attachments: media,
    mentions: mentions.map((mention) => ({
      id: String(mention.accountId),
      username: mention.username,
      url: mention.url ?? mention.uri ?? to.profile(mention.username),
      acct: mention.domain === null ? mention.username : `${mention.username}@${mention.domain}`,
    })),
    tags: tags.map(({ name }) => ({ name, url: to.tag(name) })),
    emojis: [],
    replies_count: post.repliesCount,
    reblogs_count: post.sharesCount,
    favourites_count: post.likesCount,
    quotes_count: 0,
    application: null,
    card: null,
    poll: null,
    quote: null,
    filtered: [],
    ...pixelfedFields(post, allows),
    tintype: {
      visibility: post.visibility,
      archived: post.archivedAt !== null,
      edits: post.editsCount,
      license: licenceJson(post.licence),
      allows,
    },
    // Last: see `viewer-flags.ts`.
    favourited: false,
    reblogged: false,
    muted: false,
    bookmarked: false,
  };
}

function replyFields(post: PostRow): Pick<StatusJson, 'in_reply_to_id' | 'in_reply_to_account_id'> {
  if (post.inReplyToId === null) return { in_reply_to_id: null, in_reply_to_account_id: null };
  return {
    in_reply_to_id: String(post.inReplyToId),
    in_reply_to_account_id:
      post.inReplyToAccountId === null ? null : String(post.inReplyToAccountId),
  };
}

function pixelfedFields(post: PostRow, allows: Allowed) {
  return {
    pf_type: pixelfedType(post),
    content_text: post.caption === '' ? null : post.caption,
    reply_count: post.repliesCount,
    shortcode: null,
    place: post.place === '' ? null : { id: '0', slug: 'place', name: post.place, country: '' },
    liked_by: null,
    taggedPeople: [],
    comments_disabled: !allows.comment,
    local: post.uri === null,
    thread: false,
    replies: [],
    parent: [],
    label: { covid: false },
    liked_at: null,
    _v: 1,
  } as const satisfies Partial<StatusJson>;
}

function pixelfedType(post: PostRow): StatusJson['pf_type'] {
  if (post.inReplyToAccountId !== null) return 'reply';
  if (post.mediaCount === 0) return 'text';
  return post.mediaCount === 1 ? 'photo' : 'photo:album';
}
