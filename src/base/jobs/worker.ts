import { safeParse } from 'valibot';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { backoff } from './backoff.ts';
import type { JobHandlers, JobTable } from './kinds.ts';
import {
  buryClaimed,
  claimJobs,
  deleteClaimed,
  findNextDue,
  type JobRow,
  releaseClaimed,
} from './queries.ts';
import { runWithDeadline } from './run-with-deadline.ts';

const DEADLINE = 600_000;
const LONGEST_SLEEP = 60_000;
const GIVE_BACK_EVERY = 2_000;

/** Something that works off rows of a table in the background. */
export type JobWorker = {
  /** Begins to work. What a crash left running must wait again by then (`recoverJobs`). */
  start(): void;
  /** Looks for due jobs after the running code (and its transaction) has ended. */
  wake(): void;
  /** Works until nothing is due any more and says how much was done; for tests and for commands without a server. */
  runDue(): Promise<number>;
  /** Takes nothing new and waits for what runs, at most so many milliseconds; the rest stays in the table. */
  drain(timeout: number): Promise<void>;
};

/**
 * Works off the durable queue: each kind with its own number of jobs at a time, at least once each,
 * again after a growing pause when one fails, dead after `maxAttempts`.
 */
export function createJobWorker<const Table extends JobTable>(
  ctx: Context,
  table: Table,
  handlers: JobHandlers<Table>,
): JobWorker {
  const running = new Map<Promise<void>, string>();
  const ending = new AbortController();
  let started = false;
  let taken = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const placesOf = (kind: string) => {
    const busy = [...running.values()].filter((other) => other === kind).length;
    return (table[kind]?.concurrency ?? 0) - busy;
  };
  const take = (kind: string): JobRow[] => {
    const free = placesOf(kind);
    // The read first: an idle look at the table must not take the write lock.
    const due = free > 0 ? findNextDue(ctx.db, kind) : null;
    return due === null || due > ctx.now() ? [] : claimJobs(ctx.db, kind, free, ctx.now());
  };
  const isAnyDue = () =>
    Object.keys(table).some((kind) => (findNextDue(ctx.db, kind) ?? Infinity) <= ctx.now());
  const work = () => {
    for (const kind of Object.keys(table)) {
      if (ending.signal.aborted) return;
      for (const job of take(kind)) {
        const run = runJob(ctx, table, handlers, job, ending.signal).finally(() => {
          running.delete(run);
          if (started) wake();
        });
        running.set(run, kind);
        taken += 1;
      }
    }
  };
  const sleep = () => {
    // A kind whose places are all taken cannot be helped by time: its next end wakes us.
    const open = Object.keys(table).filter((kind) => placesOf(kind) > 0);
    const next = open.map((kind) => findNextDue(ctx.db, kind) ?? Infinity);
    const pause = Math.min(LONGEST_SLEEP, Math.min(...next) - ctx.now());
    timer = setTimeout(turn, Math.max(pause, 5));
  };
  const turn = () => {
    timer = null;
    if (!started || ending.signal.aborted) return;
    try {
      work();
      sleep();
    } catch (error) {
      ctx.log.error('The job queue could not be read.', { error });
      timer = setTimeout(turn, 5_000);
    }
  };
  const wake = () => {
    if (!started || ending.signal.aborted) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(turn, 0);
  };
  return {
    start: () => {
      started = true;
      wake();
    },
    wake,
    runDue: async () => {
      const before = taken;
      do {
        work();
        await Promise.all(running.keys());
      } while (!ending.signal.aborted && isAnyDue());
      return taken - before;
    },
    drain: async (timeout) => {
      if (timer !== null) clearTimeout(timer);
      started = false;
      const bound = AbortSignal.timeout(timeout);
      const late = new Promise((resolve) => bound.addEventListener('abort', resolve));
      const done = Promise.all(running.keys());
      await Promise.race([done, late]);
      ending.abort();
    },
  };
}

async function runJob<Table extends JobTable>(
  ctx: Context,
  table: Table,
  handlers: JobHandlers<Table>,
  job: JobRow,
  ending: AbortSignal,
): Promise<void> {
  const spec = table[job.kind];
  const handle: JobHandlers<JobTable>[string] | undefined = handlers[job.kind];
  const claim = { id: job.id, claimedAt: job.claimedAt ?? 0 };
  if (spec === undefined || handle === undefined) return;
  try {
    if (job.attempts > spec.maxAttempts) throw new Error('The server went down at every try.');
    const payload = safeParse(spec.schema, JSON.parse(job.payload));
    if (!payload.success) {
      buryClaimed(ctx.db, { ...claim, lastError: 'The payload does not fit its kind.' });
      ctx.log.error('A job cannot be read.', { kind: job.kind, id: job.id });
      return;
    }
    await runWithDeadline(spec.deadline ?? DEADLINE, ending, (signal) =>
      handle(ctx, payload.output, signal),
    );
    deleteClaimed(ctx.db, claim);
  } catch (error) {
    await giveBackAtLast(ctx, spec.maxAttempts, job, claim, error, ending);
  }
}

/** A full disk refuses this as well; what is not given back would keep its place until the next start. */
async function giveBackAtLast(
  ctx: Context,
  maxAttempts: number,
  job: JobRow,
  claim: { id: number; claimedAt: number },
  error: unknown,
  ending: AbortSignal,
): Promise<void> {
  // Going down is nobody's failure: the job stays `running` and the next start takes it up.
  while (!ending.aborted) {
    try {
      transaction(ctx.db, () => giveBack(ctx, maxAttempts, job, claim, error));
      return;
    } catch (cause) {
      ctx.log.error('A job could not be given back.', { kind: job.kind, id: job.id, error: cause });
      await pause(GIVE_BACK_EVERY, ending);
    }
  }
}

/** Waits so many milliseconds, or until `signal` is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

function giveBack(
  ctx: Context,
  maxAttempts: number,
  job: JobRow,
  claim: { id: number; claimedAt: number },
  error: unknown,
): void {
  const lastError = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  const facts = { kind: job.kind, id: job.id, attempts: job.attempts, error };
  if (job.attempts >= maxAttempts) {
    buryClaimed(ctx.db, { ...claim, lastError });
    ctx.log.error('A job failed for the last time.', facts);
    return;
  }
  const runAt = ctx.now() + backoff(job.attempts);
  releaseClaimed(ctx.db, { ...claim, runAt, lastError, attempts: job.attempts });
  ctx.log.warn('A job failed and will be tried again.', facts);
}
