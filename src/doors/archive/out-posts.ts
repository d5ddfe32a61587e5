import type { PostRow } from '#domain/posts/rows.ts';
import { listWordsOfPosts } from '#domain/posts/words-queries.ts';
import { absoluteHtml, addresses } from '#doors/entities/addresses.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { findParents } from '#doors/federation/documents/queries.ts';
import { type ArchivedPhoto, type ArchivedPost, entries } from './format.ts';
import { namePeople, timeOrNull, timeText, uriOf } from './out-names.ts';
import { addSidecars, type PhotoShelf, readPhotosOf, takePhoto } from './out-photos.ts';
import { listAllPosts, listPinnedAmong, listVersionsOf, type VersionRow } from './out-queries.ts';
import type { Out } from './out-types.ts';

const AT_ONCE = 100;

/** A post of the person as it stands in the archive, with the row it came from. */
export type TakenPost = { row: PostRow; post: ArchivedPost };

/** Writes everything that the person posted, a hundred at a time, and tells `take` of each hundred. */
export function outPosts(out: Out, take: (posts: readonly TakenPost[]) => void): void {
  let after = 0;
  for (;;) {
    const slice = { accountId: out.account.id, after, limit: AT_ONCE };
    const rows = listAllPosts(out.ctx.db, slice);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    const taken = describePosts(out, rows);
    const lines = out.scratch.text(entries.posts);
    for (const { post } of taken) lines.write(`${JSON.stringify(post)}\n`);
    out.counts.posts += taken.length;
    take(taken);
  }
}

function describePosts(out: Out, rows: readonly PostRow[]): TakenPost[] {
  const { ctx } = out;
  const ids = rows.map((row) => row.id);
  const words = listWordsOfPosts(ctx.db, ids);
  const parents = findParents(
    ctx.db,
    rows.flatMap((row) => row.inReplyToId ?? []),
  );
  const people = namePeople(out, [
    ...words.mentions.map((mention) => mention.accountId),
    ...rows.flatMap((row) => row.inReplyToAccountId ?? []),
  ]);
  const tags = Map.groupBy(words.tags, (tag) => tag.postId);
  const mentions = Map.groupBy(words.mentions, (mention) => mention.postId);
  const versions = Map.groupBy(listVersionsOf(ctx.db, ids), (version) => version.postId);
  const pinned = new Set(listPinnedAmong(ctx.db, ids));
  const shelf = readPhotosOf(out, ids);
  return rows.map((row) => {
    const parent = row.inReplyToId === null ? undefined : parents.get(row.inReplyToId);
    const uri =
      parent === undefined ? row.inReplyToUri : uriOf(ctx.config, parent, parent.username);
    const author = people.get(row.inReplyToAccountId ?? 0) ?? null;
    const post: ArchivedPost = {
      ...wordsOf(out, row),
      tags: (tags.get(row.id) ?? []).map((tag) => tag.display),
      mentions: (mentions.get(row.id) ?? []).flatMap((each) => people.get(each.accountId) ?? []),
      inReplyTo: row.inReplyToAccountId === null ? null : { uri, author },
      pinned: pinned.has(row.id),
      photos: takePhotos(out, row, shelf),
      versions: (versions.get(row.id) ?? []).map(describeVersion),
    };
    for (const photo of post.photos) addSidecars(out, photo, sidecarPost(post), row.publishedAt);
    return { row, post };
  });
}

function takePhotos(out: Out, row: PostRow, shelf: PhotoShelf): ArchivedPhoto[] {
  return (shelf.of.get(row.id) ?? []).map((view, at) =>
    takePhoto(out, view, { at: row.publishedAt, id: row.id, number: at + 1 }, shelf.hashes),
  );
}

type Words = Omit<
  ArchivedPost,
  'tags' | 'mentions' | 'inReplyTo' | 'pinned' | 'photos' | 'versions'
>;

function wordsOf({ ctx, account }: Out, row: PostRow): Words {
  return {
    id: String(row.id),
    uri: idsOf(ctx.config).post(account.username, row.id),
    url: addresses(ctx.config).post(account.username, row.id),
    createdAt: timeText(row.publishedAt),
    editedAt: timeOrNull(row.editedAt),
    archivedAt: timeOrNull(row.archivedAt),
    visibility: row.visibility,
    caption: row.caption,
    html: absoluteHtml(row.captionHtml, ctx.config.origin ?? ''),
    contentWarning: row.spoiler,
    sensitive: row.sensitive !== 0,
    language: row.language,
    licence: row.licence,
    place: row.place,
    switches: {
      comments: row.commentsDisabled === 0,
      likes: row.likesDisabled === 0,
      boosts: row.sharesDisabled === 0,
    },
    counts: { comments: row.repliesCount, likes: row.likesCount, boosts: row.sharesCount },
  };
}

function describeVersion(row: VersionRow): ArchivedPost['versions'][number] {
  const photos: unknown = JSON.parse(row.media);
  return {
    createdAt: timeText(row.createdAt),
    caption: row.caption,
    contentWarning: row.spoiler,
    sensitive: row.sensitive !== 0,
    place: row.place,
    licence: row.licence,
    photos: (Array.isArray(photos) ? photos : []).map((photo) => ({
      id: String(photo?.id ?? ''),
      alt: String(photo?.description ?? ''),
    })),
  };
}

function sidecarPost(post: ArchivedPost) {
  const { url, createdAt, caption, contentWarning, licence, place, tags, visibility } = post;
  return { url, createdAt, caption, contentWarning, licence, place, tags, visibility };
}
