import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { findPost } from '#domain/posts/queries.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { postOfNote } from '#doors/federation/inbound/post-of-note.ts';
import { type RemoteNote, readNote } from '#doors/federation/inbound/read-note.ts';
import { idOf, sameOrigin, typesOf } from '#doors/federation/inbound/values.ts';
import { DocumentError } from './document-error.ts';
import { fetchDocument, isSameAddress, type RemoteDocument } from './fetch-document.ts';
import { resolveActor } from './resolve-actor.ts';

/** A post as its own server tells it, with its author; not stored yet. */
export type FoundPost = { note: RemoteNote; author: AccountRow };

/** Asks the server of a post for it. Throws `DocumentError`, also where its author is not welcome (T28). */
export async function findPostAt(ctx: Context, uri: string): Promise<FoundPost> {
  return await findPostIn(ctx, await fetchDocument(ctx, uri));
}

/** The post of a document that `fetchDocument` brought; of a Create, what it created. Throws `DocumentError`. */
export async function findPostIn(ctx: Context, found: RemoteDocument): Promise<FoundPost> {
  if (typesOf(found.document).includes('Create')) {
    const uri = idOf(found.document.object ?? null);
    if (uri === null) throw new DocumentError('invalid', 'The activity created nothing.');
    return await findAuthor(ctx, await fetchDocument(ctx, uri));
  }
  return await findAuthor(ctx, found);
}

async function findAuthor(ctx: Context, { url, document }: RemoteDocument): Promise<FoundPost> {
  const note = readNote(document);
  if ('problem' in note) throw new DocumentError('invalid', note.problem);
  // Whatever else could pass for an id: only the address that vouches for the document is one.
  if (!isSameAddress(note.uri, url)) throw new DocumentError('invalid', 'The post has no id.');
  if (note.author === null || !sameOrigin(note.author, note.uri)) {
    throw new DocumentError('invalid', 'The author of the post is on another server.');
  }
  const author = await resolveActor(ctx, note.author);
  if (author === null || author.suspendedAt !== null) {
    throw new DocumentError('refused', 'The author of the post is not welcome here.');
  }
  return { note, author };
}

/** Stores a post that was found; null if the domain refuses it. */
export function keepPost(ctx: Context, { note, author }: FoundPost): PostRow | null {
  const kept = transaction(ctx.db, () => receivePost(ctx, postOfNote(ctx, note, author)));
  return kept === null ? null : findPost(ctx.db, kept.postId);
}
