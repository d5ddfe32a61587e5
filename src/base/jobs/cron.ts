import { Cron as Schedule } from 'croner';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { type CronRunRow, findLastRun, finishCronRun, insertCronRun } from './cron-queries.ts';

/** One row of the table of recurring work. */
export type CronEntry = {
  readonly name: string;
  /** Five fields in the time of the machine: minute hour day month weekday. */
  readonly schedule: string;
  readonly help: string;
  /** Does the work; the text that it gives is kept with the run. `signal` ends when the server goes down. */
  run(ctx: Context, signal: AbortSignal): Promise<string> | string;
};

export type CronState = {
  name: string;
  schedule: string;
  help: string;
  last: CronRunRow | null;
  /** Milliseconds since 1970; null if it never runs again. */
  nextAt: number | null;
};

export type Cron = {
  start(): void;
  /** Runs one by its name now. Throws if there is none, if it runs already, or what it threw itself. */
  run(name: string): Promise<string>;
  list(): CronState[];
  /** Starts nothing new and waits for what runs, at most so many milliseconds. */
  drain(timeout: number): Promise<void>;
};

// A box that is off at night makes up for what it missed, when the first visitors are served.
const CATCH_UP_AFTER = 120_000;

/** Recurring work of one server: named, recorded in `cron_runs`, never twice at the same time. */
export function createCron(ctx: Context, entries: readonly CronEntry[]): Cron {
  const running = new Map<string, Promise<string>>();
  const ending = new AbortController();
  const schedules: Schedule[] = [];
  const timers: ReturnType<typeof setTimeout>[] = [];

  const runEntry = (entry: CronEntry): Promise<string> => {
    if (running.has(entry.name)) {
      throw new AppError('conflict', `"${entry.name}" is running already.`);
    }
    const run = record(ctx, entry, ending.signal).finally(() => running.delete(entry.name));
    running.set(entry.name, run);
    return run;
  };
  const runQuietly = (entry: CronEntry) => {
    if (running.has(entry.name) || ending.signal.aborted) return;
    runEntry(entry).catch((error) => {
      ctx.log.error('Recurring work failed.', { name: entry.name, error });
    });
  };
  return {
    start: () => {
      for (const entry of entries) {
        // No `name` for croner: its names are global, and two servers may live in one process.
        schedules.push(new Schedule(entry.schedule, { mode: '5-part' }, () => runQuietly(entry)));
        if (wasMissed(ctx, entry)) {
          timers.push(setTimeout(() => runQuietly(entry), CATCH_UP_AFTER));
        }
      }
    },
    run: async (name) => {
      const entry = entries.find((each) => each.name === name);
      if (entry === undefined) {
        const names = entries.map((each) => each.name).join(', ');
        throw new AppError('not_found', `There is no recurring work "${name}", only: ${names}.`);
      }
      return runEntry(entry);
    },
    list: () => entries.map((entry) => stateOf(ctx, entry)),
    drain: async (timeout) => {
      for (const schedule of schedules) schedule.stop();
      for (const timer of timers) clearTimeout(timer);
      const bound = AbortSignal.timeout(timeout);
      const late = new Promise((resolve) => bound.addEventListener('abort', resolve));
      await Promise.race([Promise.allSettled(running.values()), late]);
      ending.abort();
    },
  };
}

async function record(ctx: Context, entry: CronEntry, signal: AbortSignal): Promise<string> {
  const id = ctx.newId();
  insertCronRun(ctx.db, { id, name: entry.name, now: ctx.now() });
  try {
    const detail = await entry.run(ctx, signal);
    finishCronRun(ctx.db, { id, outcome: 'done', detail, now: ctx.now() });
    ctx.log.info('Recurring work is done.', { name: entry.name, detail });
    return detail;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    finishCronRun(ctx.db, { id, outcome: 'failed', detail, now: ctx.now() });
    throw error;
  }
}

function wasMissed(ctx: Context, entry: CronEntry): boolean {
  const last = findLastRun(ctx.db, entry.name);
  if (last === null) return false;
  const [due] = plan(entry).previousRuns(1, new Date(ctx.now()));
  return due !== undefined && last.startedAt < due.getTime();
}

function stateOf(ctx: Context, entry: CronEntry): CronState {
  const { name, schedule, help } = entry;
  const next = plan(entry).nextRun(new Date(ctx.now()));
  return { name, schedule, help, last: findLastRun(ctx.db, name), nextAt: next?.getTime() ?? null };
}

function plan(entry: CronEntry): Schedule {
  return new Schedule(entry.schedule, { mode: '5-part', paused: true });
}
