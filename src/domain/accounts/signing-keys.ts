import type { KeyObject } from 'node:crypto';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { makeKeyPair, readPrivateKey } from '#base/platform/keys.ts';
import { findSigningKey, insertSigningKey } from './signing-key-queries.ts';

/** What an account signs with, and the half that everybody may have (SPKI in PEM). */
export type SigningKey = { privateKey: KeyObject; publicPem: string };

/** Keys that are kept at hand; beyond that the one longest unused goes. */
const MOST = 500;
const shelves = new WeakMap<Context, Map<number, Promise<SigningKey>>>();

/**
 * The key of a local account, or of the instance itself (`accountId` 0): made when it is needed for
 * the first time, and the same one for ever. Not to be called inside a transaction.
 */
export function readSigningKey(ctx: Context, accountId: number): Promise<SigningKey> {
  const shelf = shelfOf(ctx);
  const known = shelf.get(accountId);
  shelf.delete(accountId);
  const key = known ?? loadKey(ctx, accountId);
  shelf.set(accountId, key);
  if (known === undefined) {
    // What failed is tried anew by the next who asks; this one hears of it.
    key.catch(() => shelf.delete(accountId));
    for (const oldest of shelf.keys()) {
      if (shelf.size <= MOST) break;
      shelf.delete(oldest);
    }
  }
  return key;
}

function shelfOf(ctx: Context): Map<number, Promise<SigningKey>> {
  const known = shelves.get(ctx);
  if (known !== undefined) return known;
  const shelf = new Map<number, Promise<SigningKey>>();
  shelves.set(ctx, shelf);
  return shelf;
}

async function loadKey(ctx: Context, accountId: number): Promise<SigningKey> {
  const stored = findSigningKey(ctx.db, accountId) ?? (await storeKey(ctx, accountId));
  return { privateKey: readPrivateKey(stored.privatePem), publicPem: stored.publicPem };
}

async function storeKey(ctx: Context, accountId: number) {
  const pair = await makeKeyPair();
  return transaction(ctx.db, () => {
    insertSigningKey(ctx.db, { accountId, ...pair, now: ctx.now() });
    return findSigningKey(ctx.db, accountId) ?? pair;
  });
}
