import type { Context } from '#base/context.ts';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { receivePhotos } from '#domain/media/receive-photos.ts';
import { fileDirect } from './file-direct.ts';
import { keepVersion } from './keep-version.ts';
import { findPost, updatePost } from './queries.ts';
import { indexRemoteWords, wordsOf } from './receive-post.ts';
import type { RemotePost } from './remote-types.ts';
import type { PostRow } from './rows.ts';
import { saveWords } from './search-words-queries.ts';
import { tellCompany } from './tell-news.ts';

/** Former states that are kept of a remote post: its server keeps the rest. */
const MOST_VERSIONS = 100;

/**
 * Brings a post of another server to what its server says now; true if that was a change. Author,
 * visibility and place in a thread stay. An older state than the one that is here is left alone.
 * Only inside the caller's transaction.
 */
export function revisePost(ctx: Context, postId: number, post: RemotePost): boolean {
  const known = findPost(ctx.db, postId);
  if (!known || known.uri !== post.uri || known.accountId !== post.accountId) return false;
  const editedAt = Math.min(post.updatedAt ?? ctx.now(), ctx.now());
  if (known.editedAt !== null && editedAt < known.editedAt) return false;
  const before = listMediaOfPosts(ctx.db, [postId]).get(postId) ?? [];
  const photos = post.photos.slice(0, 20);
  const moved = receivePhotos(ctx, { accountId: post.accountId, postId }, photos);
  const words = wordsOf(post);
  const telling = moved || !sameWords(known, words);
  if (!telling && sameSwitches(known, words)) return false;
  const keeps = telling && known.editsCount < MOST_VERSIONS;
  if (keeps) keepVersion(ctx, known, before);
  updatePost(ctx.db, {
    id: postId,
    ...pick(words),
    mediaCount: new Set(photos.map((photo) => photo.url)).size,
    editsCount: known.editsCount + Number(keeps),
    editedAt: telling ? editedAt : known.editedAt,
  });
  indexRemoteWords(ctx, postId, post);
  saveWords(ctx.db, postId);
  if (known.visibility === 'direct') fileDirect(ctx, postId);
  if (telling) tellCompany(ctx, known);
  return true;
}

type Words = ReturnType<typeof wordsOf>;

function pick({ url: _, repliesUrl: __, ...words }: Words) {
  return words;
}

function sameSwitches(post: PostRow, words: Words): boolean {
  return (
    post.commentsDisabled === words.commentsDisabled &&
    post.likesDisabled === words.likesDisabled &&
    post.sharesDisabled === words.sharesDisabled
  );
}

function sameWords(post: PostRow, words: Words): boolean {
  return (
    post.captionHtml === words.captionHtml &&
    post.spoiler === words.spoiler &&
    post.place === words.place &&
    post.language === words.language &&
    post.sensitive === words.sensitive &&
    post.licence === words.licence
  );
}
