import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { backoff } from '#base/jobs/backoff.ts';
import type { Apply } from './handler.ts';
import { deleteInboxItem, type InboxRow, postponeInboxItem } from './inbox-queries.ts';

type Ready = { run: () => (() => void) | null; done: () => void };

/** After so many tries an activity is dead: it stays visible and can be tried again by hand. */
const MOST_TRIES = 8;
const BATCH = 25;
/** Milliseconds that one batch may hold the server up, besides its fsync. */
const LONGEST = 15;
/** Milliseconds between two batches that belong to what else there is to do. */
const PAUSE = 4;
/** Milliseconds until the next try when the database refuses everything. */
const FULL_PAUSE = 2000;

/**
 * Makes the ledger of the inbox: what is ready is written in batches that share a commit, each
 * activity in its own savepoint, together with the removal of its row: it is done once or not at all.
 */
export function createLedger(ctx: Context) {
  const ready: Ready[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  const plan = (pause: number) => {
    if (!closed) timer ??= setTimeout(write, pause);
  };

  const write = () => {
    timer = null;
    const end = performance.now() + LONGEST;
    const batch: Ready[] = [];
    const after: (() => void)[] = [];
    try {
      transaction(ctx.db, () => {
        while (batch.length < BATCH && (batch.length === 0 || performance.now() < end)) {
          const next = ready.shift();
          if (!next) break;
          batch.push(next);
          const follow = next.run();
          if (follow) after.push(follow);
        }
      });
    } catch (error) {
      // Nothing of this batch is written: a full disk, most likely.
      ready.unshift(...batch);
      ctx.log.error('What came in cannot be written.', { error });
      plan(FULL_PAUSE);
      return;
    }
    for (const follow of after) follow();
    for (const { done } of batch) done();
    // Taking in goes before working off: a sender waits for the one, nobody for the other.
    if (ready.length > 0) plan(PAUSE);
  };

  const add = (run: Ready['run']): Promise<void> =>
    new Promise((done) => {
      ready.push({ run, done });
      plan(0);
    });
  return {
    /** Resolves when it is written; `apply` null: the activity only goes from the table. */
    write: (item: InboxRow, apply: Apply | null) => add(() => writeOne(ctx, item, apply)),
    /** Resolves when it is written that another try comes later, or none any more. */
    postpone: (item: InboxRow, error: unknown) =>
      add(() => {
        postpone(ctx, item, error);
        return null;
      }),
    /** Writes nothing any more: the database closes, and what is not written stays in the table. */
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function writeOne(ctx: Context, item: InboxRow, apply: Apply | null): (() => void) | null {
  try {
    return transaction(ctx.db, () => {
      const follow = apply?.() ?? null;
      deleteInboxItem(ctx.db, item.id);
      return follow;
    });
  } catch (error) {
    // What the domain refuses it will refuse again.
    if (error instanceof AppError && error.kind !== 'unavailable') deleteInboxItem(ctx.db, item.id);
    else postpone(ctx, item, error);
    return null;
  }
}

function postpone(ctx: Context, item: InboxRow, error: unknown): void {
  const lastError = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  const attempts = item.attempts + 1;
  const state = attempts >= MOST_TRIES ? 'dead' : 'waiting';
  postponeInboxItem(ctx.db, {
    id: item.id,
    runAt: ctx.now() + backoff(attempts),
    state,
    lastError,
  });
  const facts = { id: item.id, from: item.domain, attempts, error: lastError };
  if (state === 'dead') ctx.log.error('What came in failed for the last time.', facts);
  else ctx.log.info('What came in will be tried again.', facts);
}
