import type { Context } from '#base/context.ts';
import { textOfHtml } from '#base/core/sanitise-html.ts';
import { transaction } from '#base/db/transaction.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import type { RemoteAccount } from '#domain/accounts/remote-types.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-types.ts';

/** An account of `far.example` (or another server), as its actor document would say it. */
export function remotePerson(name: string, change: Partial<RemoteAccount> = {}): RemoteAccount {
  const domain = change.domain ?? 'far.example';
  const uri = change.uri ?? `https://${domain}/users/${name}`;
  return {
    uri,
    username: name,
    domain,
    type: 'Person',
    displayName: `${name} from afar`,
    bioHtml: `<p>I am ${name}</p>`,
    fields: [],
    url: `https://${domain}/@${name}`,
    inboxUrl: `${uri}/inbox`,
    sharedInboxUrl: `https://${domain}/inbox`,
    outboxUrl: `${uri}/outbox`,
    followersUrl: `${uri}/followers`,
    followingUrl: `${uri}/following`,
    featuredUrl: null,
    avatarUrl: null,
    headerUrl: null,
    locked: false,
    discoverable: true,
    indexable: true,
    hideCollections: false,
    alsoKnownAs: [],
    movedToUri: null,
    key: { id: `${uri}#main-key`, pem: 'PEM' },
    createdAt: 1_600_000_000_000,
    ...change,
  };
}

/** Stores such an account. */
export function person(
  ctx: Context,
  name: string,
  change: Partial<RemoteAccount> = {},
): AccountRow {
  return receiveAccount(ctx, remotePerson(name, change));
}

let number = 0;

/** A public post of a remote account with one photo, as its document would say it. */
export function remotePost(
  ctx: Context,
  author: AccountRow,
  change: Partial<RemotePost> = {},
): RemotePost {
  number += 1;
  const uri = change.uri ?? `${author.uri}/posts/${number}`;
  const captionHtml = change.captionHtml ?? '<p>Far away</p>';
  return {
    uri,
    url: uri.replace('/users/', '/@'),
    accountId: author.id,
    visibility: 'public',
    captionHtml,
    caption: textOfHtml(captionHtml),
    spoiler: '',
    sensitive: false,
    language: 'en',
    licence: null,
    place: '',
    publishedAt: ctx.now() - 60_000,
    updatedAt: null,
    inReplyToUri: null,
    photos: change.inReplyToUri ? [] : [remotePhoto(`${uri}/1.jpg`)],
    tags: [],
    mentionedIds: [],
    ...{ commentsDisabled: false, likesDisabled: false, sharesDisabled: false },
    repliesUrl: `${uri}/replies`,
    ...change,
  };
}

/** Where a remote photo lies. */
export function remotePhoto(url: string, description = 'A far hill'): RemotePost['photos'][number] {
  return {
    url,
    mime: 'image/jpeg',
    width: 1600,
    height: 1200,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    description,
    focusX: 0,
    focusY: 0,
  };
}

/** Stores such a post and answers its id. */
export function receive(
  ctx: Context,
  author: AccountRow,
  change: Partial<RemotePost> = {},
): number {
  const stored = transaction(ctx.db, () => receivePost(ctx, remotePost(ctx, author, change)));
  if (!stored) throw new Error('The post was refused.');
  return stored.postId;
}
