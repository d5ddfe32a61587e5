import type { Context } from '#base/context.ts';
import { normaliseDomain } from '#base/core/domains.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { deleteNotificationsFromDomain } from '#domain/notify/queries.ts';
import { ownHost } from '#domain/own-address.ts';
import {
  countHiddenDomains,
  deleteHiddenDomain,
  insertHiddenDomain,
  listFollowsWithDomain,
} from './hidden-domain-queries.ts';
import { removeFollower } from './remove-follower.ts';
import { unfollowAccount } from './unfollow.ts';

const MOST_DOMAINS = 5000;

type Owner = Pick<Viewer, 'id'>;

/**
 * Keeps everybody of a server out of the viewer's lists and notifications. Follows in both
 * directions end, and that server hears of those alone (Undo and Reject), not of why. Throws
 * `invalid` for what is no domain, and for our own.
 */
export function hideDomain(ctx: Context, viewer: Owner, text: string): void {
  const domain = domainOf(text);
  if (domain === ownHost(ctx.config)) {
    throw new AppError('invalid', 'This is our own server; mute or block people instead.');
  }
  const accountId = viewer.id;
  transaction(ctx.db, () => {
    if (countHiddenDomains(ctx.db, accountId) >= MOST_DOMAINS) {
      throw new AppError('invalid', `You can hide at most ${MOST_DOMAINS} servers.`);
    }
    insertHiddenDomain(ctx.db, { id: ctx.newId(), accountId, domain, now: ctx.now() });
    const { followers, followees } = listFollowsWithDomain(ctx.db, accountId, domain);
    for (const id of followees) unfollowAccount(ctx, viewer, id);
    for (const id of followers) removeFollower(ctx, viewer, id);
    deleteNotificationsFromDomain(ctx.db, accountId, domain);
  });
}

/** Shows a server again; the follows that ended do not come back. */
export function showDomain(ctx: Pick<Context, 'db'>, viewer: Owner, text: string): void {
  deleteHiddenDomain(ctx.db, viewer.id, domainOf(text));
}

function domainOf(text: string): string {
  const domain = normaliseDomain(text);
  if (domain === null) throw new AppError('invalid', 'Validation failed: Domain is not valid');
  return domain;
}
