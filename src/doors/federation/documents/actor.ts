import type { Context } from '#base/context.ts';
import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { actorId } from './actor-id.ts';
import { contexts } from './context.ts';
import { idsOf } from './ids.ts';

/**
 * A local account as other servers read it (federation.md §2.2, UpdatePersonValidator of Pixelfed:
 * F4, F8, F10, F13). `publicPem` is its key as SPKI.
 */
export function actorDocument(ctx: Context, account: AccountRow, publicPem: string): JsonObject {
  const ids = idsOf(ctx.config);
  const { username } = account;
  const id = ids.actor(username);
  const [shown] = accountsJson(ctx, [account]);
  // A family asks before anybody follows, whatever its members chose.
  const closed = isClosed(ctx);
  return {
    '@context': contexts.actor,
    id,
    type: account.actorType === 'Service' ? 'Service' : 'Person',
    preferredUsername: username,
    name: account.displayName === '' ? username : account.displayName,
    summary: shown?.note ?? '',
    url: addresses(ctx.config).profile(username),
    // In a family even the faces are for members.
    ...(closed ? {} : pictureOf(ctx, account)),
    inbox: ids.inbox(username),
    outbox: ids.outbox(username),
    followers: ids.followers(username),
    following: ids.following(username),
    featured: ids.featured(username),
    endpoints: { sharedInbox: ids.sharedInbox },
    publicKey: { id: ids.key(username), owner: id, publicKeyPem: publicPem },
    manuallyApprovesFollowers: closed || account.locked !== 0,
    discoverable: !closed && account.discoverable !== 0,
    indexable: !closed && account.indexable !== 0,
    published: midnight(account.createdAt),
    attachment: (shown?.fields ?? []).map(({ name, value }) => ({
      type: 'PropertyValue',
      name,
      value,
    })),
    alsoKnownAs: readIds(account.alsoKnownAs),
    ...movedTo(ctx, account),
    webfinger: `${username}@${ids.domain}`,
  };
}

/** Avatars are JPEG; their address changes with the picture, so nobody keeps an old one. */
function pictureOf(ctx: Context, { avatarBlob }: AccountRow): { icon?: JsonValue } {
  if (avatarBlob === null) return {};
  const url = addresses(ctx.config).media(avatarBlob);
  return { icon: { type: 'Image', mediaType: 'image/jpeg', url } };
}

function movedTo(ctx: Context, { movedToId }: AccountRow): { movedTo?: string } {
  const target = movedToId === null ? null : findAccount(ctx.db, movedToId);
  return target === null ? {} : { movedTo: actorId(ctx.config, target) };
}

function readIds(text: string): string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** The day is enough: the second of a sign-up is nobody's business. */
function midnight(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 10)}T00:00:00Z`;
}
