import type { Context } from '#base/context.ts';
import { readAccountByUri } from '#domain/accounts/find-by-uri.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isFederating } from '#domain/federate.ts';
import { readAliases } from '#domain/membership/aliases.ts';
import { movePossibleFrom } from '#domain/membership/move-account.ts';
import { ownHost } from '#domain/own-address.ts';
import { findNewestArchive } from '#doors/archive/people-queries.ts';
import type { MoveCheck, Moving } from '#doors/entities/page-types.ts';
import { countMoveDeliveries } from '#doors/federation/outbound/panel-queries.ts';
import { acctOf } from './find-profile.ts';
import { readMovedTo } from './moved-to.ts';

/** What the settings show of moving; null where nothing is spoken with other servers. */
export function readMoving(ctx: Context, viewer: Viewer, check: MoveCheck | null): Moving | null {
  const row = findAccount(ctx.db, viewer.id);
  if (!row || !isFederating(ctx)) return null;
  const from = movePossibleFrom(row, ctx.now());
  const archive = findNewestArchive(ctx.db, row.id);
  return {
    aliases: readAliases(row).map((uri) => {
      const known = readAccountByUri(ctx, uri);
      return { uri, handle: known ? `@${acctOf(known)}` : uri };
    }),
    movedTo: readMovedTo(ctx, viewer, row),
    followers: row.followersCount,
    possibleFrom: from === null ? null : new Date(from).toISOString(),
    handle: `@${row.username}@${ownHost(ctx.config)}`,
    archive: archive && {
      state: archive.state,
      at: archive.finishedAt === null ? null : new Date(archive.finishedAt).toISOString(),
    },
    check,
    told: row.movedToId === null ? null : countMoveDeliveries(ctx.db, row.id),
  };
}
