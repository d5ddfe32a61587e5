import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import { insertFollow } from '#domain/relationships/queries.ts';
import type { PeerActor } from '#test/harness/peer.ts';

/** Stores somebody of a scripted server as if their document had been read. */
export function receiveActor(
  ctx: Context,
  actor: PeerActor,
  inboxes: { inbox?: string; shared?: string | null } = {},
): number {
  const origin = new URL(actor.uri).origin;
  const shared = inboxes.shared === undefined ? `${origin}/inbox` : inboxes.shared;
  return transaction(ctx.db, () =>
    receiveAccount(ctx, {
      uri: actor.uri,
      username: actor.name,
      domain: new URL(actor.uri).host,
      type: 'Person',
      displayName: actor.name,
      bioHtml: '',
      fields: [],
      url: `${origin}/@${actor.name}`,
      inboxUrl: inboxes.inbox ?? actor.inbox,
      sharedInboxUrl: shared,
      outboxUrl: null,
      followersUrl: null,
      followingUrl: null,
      featuredUrl: null,
      avatarUrl: null,
      headerUrl: null,
      locked: false,
      discoverable: true,
      indexable: false,
      hideCollections: false,
      alsoKnownAs: [],
      movedToUri: null,
      key: { id: actor.keyId, pem: actor.publicPem },
      createdAt: null,
    }),
  ).id;
}

/** Lets somebody follow, without a word between the servers. */
export function follow(ctx: Context, followerId: number, followeeId: number): void {
  const createdAt = ctx.now();
  insertFollow(ctx.db, { followerId, followeeId, state: 'accepted', createdAt, uri: null });
}
