import type { Context } from '#base/context.ts';
import type { JsonValue } from '#base/core/json.ts';
import { perValue } from '#base/core/per-value.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { pinPost, unpinPost } from '#domain/posts/pin.ts';
import { listPinnedIds } from '#domain/posts/pinned-queries.ts';
import { idOf, isObject, sameOrigin, typesOf } from '#doors/federation/inbound/values.ts';
import { readCollection, takeTurn } from './crawl.ts';
import { isUnreachable } from './document-error.ts';
import { resolveActor } from './resolve-actor.ts';
import { resolvePost } from './resolve-post.ts';

/** How often one profile is read, as long as members look at it. */
const REST = 3 * 3_600_000;
const MOST_REMEMBERED = 5000;
const MOST_PINNED = 5;
const MOST_POSTS = 20;

const looked = perValue((_ctx: Context) => new Map<number, number>());

/**
 * Has the newest and the pinned posts of a remote account fetched because a member looks at its
 * profile: in the background, at most every three hours.
 */
export function fetchProfile(ctx: Context, accountId: number): void {
  readProfile(ctx, accountId).catch((error: unknown) => {
    ctx.log.debug('A profile could not be read.', { accountId, error });
  });
}

/** Does what `fetchProfile` begins. */
export async function readProfile(ctx: Context, accountId: number): Promise<void> {
  const account = findAccount(ctx.db, accountId);
  if (account === null || account.uri === null || account.suspendedAt !== null) return;
  if (!claim(ctx, accountId)) return;
  if ((await resolveActor(ctx, account.uri)) === null) return;
  if (account.featuredUrl !== null) await readFeatured(ctx, account, account.featuredUrl);
  if (account.outboxUrl !== null) await readOutbox(ctx, account, account.outboxUrl);
}

function claim(ctx: Context, accountId: number): boolean {
  const known = looked(ctx);
  const last = known.get(accountId);
  if (last !== undefined && last > ctx.now() - REST) return false;
  known.delete(accountId);
  known.set(accountId, ctx.now());
  for (const oldest of known.keys()) {
    if (known.size <= MOST_REMEMBERED) break;
    known.delete(oldest);
  }
  return true;
}

/** The posts at the top of the profile become those of its `featured`, first to last. */
async function readFeatured(ctx: Context, account: AccountRow, address: string): Promise<void> {
  const items = await readCollection(ctx, address, MOST_PINNED);
  const ids: number[] = [];
  for (const uri of ownIds(account, items)) {
    const post = await takeTurn(ctx, uri, () => resolvePost(ctx, uri).catch(skip));
    if (post?.accountId === account.id) ids.push(post.id);
  }
  if (ids.length === 0) return;
  const pinned = listPinnedIds(ctx.db, account.id);
  if (pinned.join() === ids.join()) return;
  for (const id of pinned) unpinPost(ctx, account.id, id);
  // The last pinned stands first.
  for (const id of ids.reverse()) pinPost(ctx, account.id, id);
}

function skip(error: unknown): null {
  if (isUnreachable(error)) return null;
  throw error;
}

/** The newest posts, so that a profile that nobody follows is not empty. */
async function readOutbox(ctx: Context, account: AccountRow, address: string): Promise<void> {
  const items = await readCollection(ctx, address, MOST_POSTS);
  const created = items.flatMap((item) => {
    if (!isObject(item)) return [item];
    return typesOf(item).includes('Create') ? [item.object ?? null] : [];
  });
  await Promise.allSettled(
    ownIds(account, created).map((uri) => takeTurn(ctx, uri, () => resolvePost(ctx, uri))),
  );
}

function ownIds(account: AccountRow, items: readonly JsonValue[]): string[] {
  const ids = items.flatMap((item) => idOf(item) ?? []);
  return [...new Set(ids)].filter((id) => account.uri !== null && sameOrigin(id, account.uri));
}
