import type { Context } from '#base/context.ts';
import type { JobWorker } from '#base/jobs/worker.ts';
import { noteSignOfLife } from '#doors/federation/outbound/sign-of-life.ts';
import { findDueItems, findNextItem, type InboxRow } from './inbox-queries.ts';
import { runLane } from './lane.ts';
import { createLedger } from './ledger.ts';

/** Signers whose activities are worked off at the same time; of one server only a few, since it may be slow. */
const LANES = 24;
const LANES_OF_SERVER = 6;
/** Activities that are looked at in one go, and of one signer. */
const LOOK = 150;
const LOOK_OF_SIGNER = 50;
const LONGEST_SLEEP = 60_000;

/**
 * Works off what other servers sent: signers side by side, each in order, a slow server holding
 * nobody else up. What a crash left is still in the table and is simply done.
 */
export function createInbox(ctx: Context): JobWorker {
  const ledger = createLedger(ctx);
  const lanes = new Map<number, { domain: string; run: Promise<void> }>();
  const ending = new AbortController();
  let started = false;
  let taken = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const work = (): number => {
    if (ending.signal.aborted || lanes.size >= LANES) return 0;
    const items = findDueItems(ctx.db, {
      now: ctx.now(),
      limit: LOOK,
      signers: [...lanes.keys()],
      domains: saturated(lanes),
    });
    let opened = 0;
    for (const [signerId, own] of bySigner(items)) {
      const [{ domain, verified }] = own;
      if (lanes.size >= LANES || countOf(lanes, domain) >= LANES_OF_SERVER) continue;
      taken += own.length;
      opened += 1;
      const run = runLane(ctx, ledger, own, ending.signal).finally(() => {
        lanes.delete(signerId);
        if (started) wake();
      });
      lanes.set(signerId, { domain, run });
      if (verified) noteSignOfLife(ctx, domain);
    }
    return opened;
  };
  const sleep = () => {
    const next = findNextItem(ctx.db) ?? Number.POSITIVE_INFINITY;
    // What waits for a lane is woken by its end.
    const pause = lanes.size > 0 && next <= ctx.now() ? LONGEST_SLEEP : next - ctx.now();
    timer = setTimeout(turn, Math.min(LONGEST_SLEEP, Math.max(5, pause)));
  };
  const turn = () => {
    timer = null;
    if (!started || ending.signal.aborted) return;
    try {
      work();
      sleep();
    } catch (error) {
      ctx.log.error('The inbox could not be read.', { error });
      timer = setTimeout(turn, 5000);
    }
  };
  const wake = () => {
    if (!started || ending.signal.aborted) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(turn, 0);
  };
  const idle = () => Promise.all([...lanes.values()].map(({ run }) => run));
  return {
    start: () => {
      started = true;
      wake();
    },
    wake,
    runDue: async () => {
      const before = taken;
      while (work() > 0 || lanes.size > 0)
        await Promise.race([...lanes.values()].map((l) => l.run));
      return taken - before;
    },
    drain: async (timeout) => {
      started = false;
      if (timer !== null) clearTimeout(timer);
      const end = Date.now() + timeout;
      // No new ones, and lanes end after the activity they are at.
      ending.abort();
      await Promise.race([idle(), Bun.sleep(Math.max(0, end - Date.now()))]);
      ledger.close();
    },
  };
}

function bySigner(items: readonly InboxRow[]): Map<number, [InboxRow, ...InboxRow[]]> {
  const groups = new Map<number, [InboxRow, ...InboxRow[]]>();
  for (const item of items) {
    const group = groups.get(item.signerId);
    if (group === undefined) groups.set(item.signerId, [item]);
    else if (group.length < LOOK_OF_SIGNER) group.push(item);
  }
  return groups;
}

type Lanes = ReadonlyMap<number, { domain: string }>;

function countOf(lanes: Lanes, domain: string): number {
  let count = 0;
  for (const lane of lanes.values()) if (lane.domain === domain) count += 1;
  return count;
}

function saturated(lanes: Lanes): string[] {
  const domains = new Set([...lanes.values()].map(({ domain }) => domain));
  return [...domains].filter((domain) => countOf(lanes, domain) >= LANES_OF_SERVER);
}
