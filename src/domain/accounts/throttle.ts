import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { addressBlock } from '#base/core/addresses.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret } from '#base/core/secrets.ts';

const WINDOW_MS = 5 * 60_000;
const ATTEMPTS = 10;
/** Keys remembered at most; the oldest are forgotten first. */
const MAX_KEYS = 5_000;

type Window = { count: number; endsAt: number };
// In memory on purpose: an attacker must not be able to make the database write.
const books = new WeakMap<
  Database,
  { names: Map<string, Window>; addresses: Map<string, Window> }
>();

/** Who tries: a name as typed (it need not exist), an address, or both. */
export type Attempt = { name?: string | undefined; address?: string | undefined };

/**
 * Counts one attempt with a password or code, before it is looked at, so that parallel ones count
 * too. Throws `too_many` (with seconds to wait) after 10 in 5 minutes for one name or one address.
 * The answer takes the attempt back: a success does not count.
 */
export function countAttempt(ctx: Pick<Context, 'db' | 'now'>, attempt: Attempt): () => void {
  const windows = [nameWindow(ctx, attempt), addressWindow(ctx, attempt)].filter(
    (window) => window !== null,
  );
  const full = windows.filter((window) => window.count >= ATTEMPTS);
  if (full.length > 0) {
    const waitMs = Math.max(...full.map((window) => window.endsAt - ctx.now()));
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const minutes = Math.ceil(seconds / 60);
    throw new AppError(
      'too_many',
      `Too many attempts; please try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
      { retryAfter: seconds },
    );
  }
  for (const window of windows) window.count += 1;
  return () => {
    for (const window of windows) window.count = Math.max(0, window.count - 1);
  };
}

/** How many names and addresses are remembered, for tests of the bound. */
export function throttleSize(ctx: Pick<Context, 'db'>): number {
  const { names, addresses } = book(ctx);
  return names.size + addresses.size;
}

function nameWindow(ctx: Pick<Context, 'db' | 'now'>, attempt: Attempt): Window | null {
  if (attempt.name === undefined) return null;
  // Hashed so that a long name costs no more memory than a short one.
  const key = hashSecret(attempt.name.trim().replace(/^@/, '').toLowerCase()).slice(0, 24);
  return windowOf(book(ctx).names, key, ctx.now());
}

function addressWindow(ctx: Pick<Context, 'db' | 'now'>, attempt: Attempt): Window | null {
  if (attempt.address === undefined || attempt.address === '') return null;
  return windowOf(book(ctx).addresses, addressBlock(attempt.address.slice(0, 64)), ctx.now());
}

function windowOf(map: Map<string, Window>, key: string, now: number): Window {
  const known = map.get(key);
  if (known && known.endsAt > now) return known;
  map.delete(key);
  if (map.size >= MAX_KEYS) makeRoom(map, now);
  const window = { count: 0, endsAt: now + WINDOW_MS };
  map.set(key, window);
  return window;
}

/** All windows are equally long, so the map is in the order in which they end. */
function makeRoom(map: Map<string, Window>, now: number): void {
  for (const [key, window] of map) {
    if (window.endsAt > now && map.size < MAX_KEYS) return;
    map.delete(key);
  }
}

function book(ctx: Pick<Context, 'db'>) {
  const known = books.get(ctx.db);
  if (known) return known;
  const made = { names: new Map<string, Window>(), addresses: new Map<string, Window>() };
  books.set(ctx.db, made);
  return made;
}
