import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { changeProfile } from '#domain/accounts/profile.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { addFilter } from '#domain/filters/change.ts';
import { listFilters } from '#domain/filters/reading.ts';
import { bookmarkPost, unbookmarkPost } from '#domain/posts/bookmark.ts';
import { blockAccount, unblockAccount } from '#domain/relationships/block.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { hideDomain, showDomain } from '#domain/relationships/hide-domain.ts';
import { findListable, findLists } from '#domain/relationships/list-queries.ts';
import { enlist, makeList } from '#domain/relationships/lists.ts';
import { muteAccount, unmuteAccount } from '#domain/relationships/mute.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import { findKnownText, resolveText } from '#doors/federation/remote/resolve-text.ts';
import type { ImportItem } from './import-item.ts';

/** How a thing that is no post ended. */
type Ended = { outcome: 'done' | 'skipped' | 'failed'; reason: string | null };

const DONE: Ended = { outcome: 'done', reason: null };
const LOOKED_UP_AT_ONCE = 200;
const KNOWN: Ended = { outcome: 'skipped', reason: 'It is so already.' };

/** Does one thing of a list as the person would by hand; a refusal is told, not thrown. */
export async function takeImportPerson(
  ctx: Context,
  viewer: Viewer,
  item: ImportItem,
): Promise<Ended> {
  try {
    return await take(ctx, viewer, item);
  } catch (error) {
    if (error instanceof AppError) return { outcome: 'failed', reason: error.message };
    throw error;
  }
}

async function take(ctx: Context, viewer: Viewer, item: ImportItem): Promise<Ended> {
  switch (item.kind) {
    case 'follow': {
      const { id } = await somebody(ctx, item.target);
      if (findFollow(ctx.db, viewer.id, id) !== null) return KNOWN;
      followAccount(ctx, viewer, id, { reblogs: item.boosts, notify: item.notify });
      return DONE;
    }
    case 'block': {
      const { id } = await somebody(ctx, item.target);
      return blockAccount(ctx, viewer.id, id) ? DONE : KNOWN;
    }
    case 'mute': {
      const { id } = await somebody(ctx, item.target);
      muteAccount(ctx, viewer, id, { notifications: item.notifications, duration: null });
      return DONE;
    }
    case 'domain':
      hideDomain(ctx, viewer, item.target);
      return DONE;
    case 'bookmark': {
      const found = await resolveText(ctx, item.target);
      if (found === null || !('post' in found)) return nothing(item.target);
      bookmarkPost(ctx, viewer, found.post.id);
      return DONE;
    }
    case 'profile':
      changeProfile(ctx, viewer, item.profile);
      return DONE;
    case 'list':
      return await takeList(ctx, viewer, item);
    case 'filter': {
      const { label: title, contexts, action, keywords } = item;
      if (listFilters(ctx, viewer).some((filter) => filter.title === title)) return KNOWN;
      addFilter(ctx, viewer, { title, contexts, action, expiresIn: null, keywords });
      return DONE;
    }
    default:
      return { outcome: 'failed', reason: 'It could not be read.' };
  }
}

/** Only who is followed can be on a list, so nobody is asked of: whom the import followed is known. */
async function takeList(
  ctx: Context,
  viewer: Viewer,
  item: Extract<ImportItem, { kind: 'list' }>,
): Promise<Ended> {
  const known = findLists(ctx.db, viewer.id).find((list) => list.title === item.label);
  if (known !== undefined) return KNOWN;
  const { label: title, exclusive, members } = item;
  const list = makeList(ctx, viewer, {
    title,
    repliesPolicy: 'list',
    exclusive: Number(exclusive),
  });
  const ids = new Set<number>();
  for (const [at, member] of members.entries()) {
    const found = findKnownText(ctx, member);
    if (found !== null && 'account' in found) ids.add(found.account.id);
    // A list can be longer than what a server may do in one go (T125).
    if (at % LOOKED_UP_AT_ONCE === 0) await Bun.sleep(0);
  }
  const listable = findListable(ctx.db, viewer.id, [...ids]);
  enlist(ctx, viewer, list.id, listable);
  const missing = members.length - listable.length;
  const reason =
    missing > 0
      ? `${missing} of ${members.length} are not on it: you do not follow them here yet.`
      : null;
  return { outcome: 'done', reason };
}

async function somebody(ctx: Context, target: string): Promise<AccountRow> {
  const found = await resolveText(ctx, target);
  if (found !== null && 'account' in found) return found.account;
  throw new AppError('not_found', `Nobody was found at ${target}.`);
}

function nothing(target: string): Ended {
  return { outcome: 'failed', reason: `Nothing was found at ${target}.` };
}

/** Takes a thing of a list back, as far as it can be: a profile stays as it is. */
export function takeBackPerson(ctx: Context, viewer: Viewer, kind: string, target: string): void {
  if (kind === 'domain') {
    showDomain(ctx, viewer, target);
    return;
  }
  const found = findKnownText(ctx, target);
  if (found === null) return;
  if ('post' in found) {
    if (kind === 'bookmark') unbookmarkPost(ctx, viewer, found.post.id);
    return;
  }
  const { id } = found.account;
  if (kind === 'follow') unfollowAccount(ctx, viewer, id);
  if (kind === 'block') unblockAccount(ctx, viewer.id, id);
  if (kind === 'mute') unmuteAccount(ctx, viewer, id);
}
