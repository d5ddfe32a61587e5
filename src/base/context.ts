import type { Database } from 'bun:sqlite';
import type { Config } from '#base/config/config.ts';
import type { NewId } from '#base/core/ids.ts';
import type { GuardedFetch } from '#base/platform/fetch.ts';
import type { Files } from '#base/platform/files.ts';
import type { ImageResult, ImageTask } from '#base/platform/images/contract.ts';
import type { Log } from '#base/platform/log.ts';
import type { LogRing } from '#base/platform/log-ring.ts';
import type { LoopLag } from '#base/platform/loop-lag.ts';
import type { Metrics } from '#base/platform/metrics.ts';

/** Something that happened, with ids only: who listens reads the rest with its own eyes. */
export type LiveEvent = { type: string } & Readonly<Record<string, number | string>>;

/** What every action needs of the outside world; one value a server, so two can run in one process. */
export type Context = {
  readonly config: Config;
  readonly db: Database;
  /** The way out for every address that comes from outside. */
  readonly fetch: GuardedFetch;
  readonly files: Files;
  readonly images: {
    run(task: ImageTask): Promise<ImageResult>;
    /** Its process and how many tasks wait or run, if it can say so. */
    state?(): { pid: number | null; tasks: number };
  };
  readonly live: { emit(event: LiveEvent): void };
  readonly log: Log;
  /** What the log said of late, and what was counted since the start. */
  readonly metrics: Metrics;
  readonly logs: Pick<LogRing, 'recent'>;
  readonly lag: Pick<LoopLag, 'read'>;
  /** When this process began, milliseconds. */
  readonly startedAt: number;
  /** Milliseconds since 1970; tests hand in their own clock. */
  readonly now: () => number;
  readonly newId: NewId;
};
