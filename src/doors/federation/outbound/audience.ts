import type { Context } from '#base/context.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import { readOwnId } from '#doors/federation/documents/read-own-id.ts';
import { findReadersByUri, findRemoteFollowers, type Reader } from './audience-queries.ts';

/** Inboxes, each once, with the domain of somebody who reads there. */
export type Inboxes = Map<string, string>;

/** Readers that are read in one statement, before others have their turn. */
const CHUNK = 1000;

/**
 * Inboxes of readers, one for a whole server where that has a shared one and all may know: `shared`
 * false leaves it to each reader's own (T109).
 */
export function inboxesOf(readers: readonly Reader[], shared: boolean): Inboxes {
  const inboxes: Inboxes = new Map();
  for (const { domain, inbox, sharedInbox } of readers) {
    inboxes.set(shared ? (sharedInbox ?? inbox) : inbox, domain);
  }
  return inboxes;
}

/** Works through any number of readers without holding the others up. */
export async function gather(read: (after: number, limit: number) => Reader[]): Promise<Inboxes> {
  const inboxes: Inboxes = new Map();
  for (let after = 0; ; ) {
    const readers = read(after, CHUNK);
    for (const [inbox, domain] of inboxesOf(readers, true)) inboxes.set(inbox, domain);
    const last = readers.at(-1);
    if (last === undefined || readers.length < CHUNK) return inboxes;
    after = last.accountId;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Inboxes of all remote followers of a local account. */
export function followersOf(ctx: Context, accountId: number): Promise<Inboxes> {
  return gather((after, limit) => findRemoteFollowers(ctx.db, accountId, after, limit));
}

/**
 * Where a document goes: to whom its own `to` and `cc` say, and nobody else. A collection of
 * followers goes by shared inboxes; single people, unless everybody may know (`open`), by their own
 * (T109).
 */
export async function addressees(
  ctx: Context,
  document: { to?: unknown; cc?: unknown },
  open: boolean,
): Promise<{ all: Inboxes; named: Inboxes }> {
  const ids = [document.to, document.cc].flat().filter((id) => typeof id === 'string');
  const all: Inboxes = new Map();
  for (const id of ids) {
    const own = readOwnId(ctx.config, id);
    if (own?.kind !== 'followers') continue;
    const account = findAccountByUsername(ctx.db, own.username);
    if (account === null) continue;
    for (const [inbox, domain] of await followersOf(ctx, account.id)) all.set(inbox, domain);
  }
  const named: Inboxes = new Map();
  for (const reader of findReadersByUri(ctx.db, ids)) {
    // Who reads a shared inbox that gets it anyway needs no second copy.
    const covered = reader.sharedInbox !== null && all.has(reader.sharedInbox);
    const inbox = (open || covered ? reader.sharedInbox : null) ?? reader.inbox;
    named.set(inbox, reader.domain);
  }
  for (const [inbox, domain] of named) all.set(inbox, domain);
  return { all, named };
}
