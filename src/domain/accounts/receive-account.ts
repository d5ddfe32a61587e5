import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { textOfHtml } from '#base/core/sanitise-html.ts';
import { transaction } from '#base/db/transaction.ts';
import { originOf } from '#domain/origin.ts';
import { ownHost } from '#domain/own-address.ts';
import { ruleOfAccount } from '#domain/policy/read-policy.ts';
import { cutAccount, limitByDomain } from './cut-queries.ts';
import { readAccountByUri } from './find-by-uri.ts';
import { type AccountRow, findAccount, findAccountByUri } from './queries.ts';
import { freeHandle, saveRemoteAccount, saveRemoteKey } from './remote-queries.ts';
import type { RemoteAccount } from './remote-types.ts';

/**
 * Stores an account of another server, or what is new of it. Its id is what makes it the same; a
 * handle that somebody else had is taken from them, since names belong to their server. Throws
 * `forbidden` for one that claims to be of this server.
 */
export function receiveAccount(ctx: Context, remote: RemoteAccount): AccountRow {
  const domain = remote.domain.toLowerCase();
  if (domain === ownHost(ctx.config) || remote.uri.startsWith(`${originOf(ctx.config)}/`)) {
    throw new AppError('forbidden', 'Another server cannot speak for an account of this one.');
  }
  return transaction(ctx.db, () => {
    const known = findAccountByUri(ctx.db, remote.uri);
    const id = known?.id ?? ctx.newId();
    const now = ctx.now();
    const { username } = remote;
    if (known?.username !== username || known.domain !== domain) {
      freeHandle(ctx.db, { username, domain, id });
    }
    saveRemoteAccount(ctx.db, { ...rowOf(ctx, remote, known), id, domain, fetchedAt: now });
    if (known === null) obeyRule(ctx, { id, domain, uri: remote.uri });
    if (remote.key) {
      saveRemoteKey(ctx.db, { ...remote.key, accountId: id, fetchedAt: now });
    }
    const row = findAccount(ctx.db, id);
    if (!row) throw new Error('The account was not stored.');
    return row;
  });
}

/** Somebody new of a domain that has a rule; those who are here already are seen to when it is made. */
function obeyRule(ctx: Context, account: { id: number; domain: string; uri: string }): void {
  const rule = ruleOfAccount(ctx.db, account);
  if (rule === 'block') cutAccount(ctx.db, account.id, ctx.now());
  if (rule === 'limit') limitByDomain(ctx.db, account.id, true);
}

function rowOf(ctx: Context, remote: RemoteAccount, known: AccountRow | null) {
  const { uri, username, displayName, bioHtml, url } = remote;
  const { inboxUrl, sharedInboxUrl, outboxUrl, followersUrl, followingUrl, featuredUrl } = remote;
  return {
    ...{ uri, username, displayName, bioHtml, url },
    ...{ inboxUrl, sharedInboxUrl, outboxUrl, followersUrl, followingUrl, featuredUrl },
    avatarUrl: remote.avatarUrl,
    headerUrl: remote.headerUrl,
    actorType: remote.type,
    bio: textOfHtml(bioHtml),
    fields: JSON.stringify(remote.fields),
    locked: Number(remote.locked),
    discoverable: Number(remote.discoverable),
    indexable: Number(remote.indexable),
    hideCollections: Number(remote.hideCollections),
    alsoKnownAs: JSON.stringify(remote.alsoKnownAs),
    movedToId:
      remote.movedToUri === null ? null : (movedTo(ctx, remote) ?? known?.movedToId ?? null),
    createdAt: Math.min(remote.createdAt ?? ctx.now(), ctx.now()),
  };
}

/** Where the account has moved, if the other side says so too. */
function movedTo(ctx: Context, { uri, movedToUri }: RemoteAccount): number | null {
  if (movedToUri === null || movedToUri === uri) return null;
  const target = readAccountByUri(ctx, movedToUri);
  if (!target) return null;
  return (JSON.parse(target.alsoKnownAs) as string[]).includes(uri) ? target.id : null;
}
