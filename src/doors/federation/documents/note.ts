import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import { defaultPreferences, readManyPreferences } from '#domain/accounts/preferences.ts';
import { grantMedia } from '#domain/media/grant.ts';
import { listMediaOfPosts, type MediaView } from '#domain/media/reading.ts';
import {
  allowedOn,
  type Features,
  reactionTotals,
  readFeatures,
} from '#domain/posts/interactions.ts';
import { findLicence } from '#domain/posts/licences.ts';
import { isClosed } from '#domain/posts/reading.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { isOpen, narrower } from '#domain/posts/visibility.ts';
import { listWordsOfPosts } from '#domain/posts/words-queries.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { attachments } from './attachments.ts';
import { addressPost } from './audience.ts';
import { contentHtml } from './content.ts';
import { contexts, documentTime } from './context.ts';
import { idsOf, idsOfPost } from './ids.ts';
import { permissions } from './permissions.ts';
import { findNamed, findParents, type Named, type ParentRow } from './queries.ts';
import { tagsOf } from './tags.ts';

export type NoteOptions = {
  /**
   * The server that the document is for, as in its handles: it gets its own secret addresses of
   * photos that not everybody may see. Without it such photos are left out.
   */
  forDomain?: string;
};

/** All that a Note is made of. */
type Parts = {
  post: PostRow;
  author: Named;
  audience: Named | null;
  parent: ParentRow | null;
  mentioned: Named[];
  tags: { name: string; display: string }[];
  photos: MediaView[];
};

/**
 * A local post as a Note for other servers (federation.md §2.1, Pixelfed's F1 to F13). It says
 * nothing of who may read it: ask before. Throws TypeError for a post whose author is gone.
 */
export function noteDocument(ctx: Context, post: PostRow, options: NoteOptions = {}): JsonObject {
  const [note] = noteDocuments(ctx, [post], options);
  if (!note) throw new TypeError('A post without an author has no document.');
  return note;
}

/** Many posts at once, in their order: a handful of statements for any number. */
export function noteDocuments(
  ctx: Context,
  posts: readonly PostRow[],
  options: NoteOptions = {},
): JsonObject[] {
  if (posts.length === 0) return [];
  const postIds = posts.map((post) => post.id);
  const words = listWordsOfPosts(ctx.db, postIds);
  const parents = findParents(
    ctx.db,
    posts.flatMap((post) => post.inReplyToId ?? []),
  );
  const people = findNamed(ctx.db, [
    ...posts.flatMap((post) => [post.accountId, post.audienceId]),
    ...[...parents.values()].map((parent) => parent.accountId),
    ...words.mentions.map((mention) => mention.accountId),
  ]);
  const preferences = readManyPreferences(ctx.db, [...new Set(posts.map((p) => p.accountId))]);
  const photos = listMediaOfPosts(ctx.db, postIds);
  const tags = Map.groupBy(words.tags, (tag) => tag.postId);
  const mentions = Map.groupBy(words.mentions, (mention) => mention.postId);
  return posts.flatMap((post) => {
    const author = people.get(post.accountId);
    if (!author || author.uri !== null) return [];
    const parent = speakableParent(post, parents);
    const mentioned = new Set((mentions.get(post.id) ?? []).map((each) => each.accountId));
    // Who is answered is told, whether or not the comment names them; a message stays among those it names.
    if (parent !== null && post.visibility !== 'direct') mentioned.add(parent.accountId);
    mentioned.delete(post.accountId);
    const parts: Parts = {
      post,
      author,
      audience: people.get(post.audienceId) ?? null,
      parent,
      mentioned: [...mentioned].flatMap((id) => people.get(id) ?? []),
      tags: tags.get(post.id) ?? [],
      photos: photos.get(post.id) ?? [],
    };
    return [noteOf(ctx, parts, preferences.get(post.accountId) ?? defaultPreferences, options)];
  });
}

function noteOf(
  ctx: Context,
  parts: Parts,
  preferences: typeof defaultPreferences,
  options: NoteOptions,
): JsonObject {
  const { post, author, parent } = parts;
  const ids = idsOf(ctx.config);
  const id = ids.post(author.username, post.id);
  const features = readFeatures(ctx);
  const closed = isClosed(ctx);
  const open = !closed && isOpen(post.visibility);
  const { to, cc } = addressPost(ctx.config, { ...parts, visibility: post.visibility, closed });
  const content = contentHtml(post.captionHtml, ids.origin);
  const attributedTo = ids.actor(author.username);
  const licence = findLicence(post.licence)?.url ?? '';
  const tokens = open ? null : secretsOf(ctx, parts.photos, options.forDomain);
  return {
    '@context': contexts.note,
    id,
    type: 'Note',
    url: addresses(ctx.config).post(author.username, post.id),
    attributedTo,
    to,
    cc,
    published: documentTime(post.publishedAt),
    ...(post.editedAt === null ? {} : { updated: documentTime(post.editedAt) }),
    inReplyTo: parent === null ? null : (parent.uri ?? ids.post(parent.username, parent.id)),
    // Pixelfed keeps a warning only beside `sensitive`.
    summary: post.spoiler === '' ? null : post.spoiler,
    sensitive: post.sensitive !== 0 || post.spoiler !== '',
    content,
    ...(post.language === null ? {} : { contentMap: { [post.language]: content } }),
    attachment: attachments(ctx, parts.photos, { preferences, tokens }),
    tag: tagsOf(ctx.config, parts.tags, parts.mentioned),
    ...(licence === '' ? {} : { license: licence }),
    ...(post.place === '' ? {} : { location: { type: 'Place', name: post.place } }),
    ...permissions({
      author: attributedTo,
      open,
      allows: allowedOn(post, preferences, features),
      addressed: [...to, ...cc],
    }),
    ...collectionsOf(id, post, features),
  };
}

function collectionsOf(id: string, post: PostRow, features: Features): JsonObject {
  const of = idsOfPost(id);
  const totals = reactionTotals(post, features);
  return {
    replies: { id: of.replies, type: 'Collection', totalItems: totals.replies },
    likes: { id: of.likes, type: 'Collection', totalItems: totals.likes },
    shares: { id: of.shares, type: 'Collection', totalItems: totals.shares },
  };
}

/**
 * What the post answers, if everybody who gets the post may know of it: a comment that is seen by
 * more people than what it answers names neither that nor its author (T108).
 */
function speakableParent(post: PostRow, parents: ReadonlyMap<number, ParentRow>): ParentRow | null {
  const parent = post.inReplyToId === null ? undefined : parents.get(post.inReplyToId);
  if (parent?.hidden !== 0) return null;
  if (isOpen(parent.visibility)) return parent;
  const sameCircle = parent.visibility !== 'followers' || parent.audienceId === post.audienceId;
  return sameCircle && narrower(post.visibility, parent.visibility) === post.visibility
    ? parent
    : null;
}

function secretsOf(
  ctx: Context,
  photos: readonly MediaView[],
  domain: string | undefined,
): ReadonlyMap<number, string> {
  if (domain === undefined || photos.length === 0) return new Map();
  const ids = photos.map((photo) => photo.id);
  return grantMedia(ctx, ids, domain);
}
