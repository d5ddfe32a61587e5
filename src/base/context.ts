import type { Database } from 'bun:sqlite';
import type { Config } from '#base/config/config.ts';
import type { NewId } from '#base/core/ids.ts';
import type { GuardedFetch } from '#base/platform/fetch.ts';
import type { Files } from '#base/platform/files.ts';
import type { ImageResult, ImageTask } from '#base/platform/images/contract.ts';
import type { Log } from '#base/platform/log.ts';

/** Something that happened, with ids only: who listens reads the rest with its own eyes. */
export type LiveEvent = { type: string } & Readonly<Record<string, number | string>>;

/** What every action needs of the outside world; one value a server, so two can run in one process. */
export type Context = {
  readonly config: Config;
  readonly db: Database;
  /** The way out for every address that comes from outside. */
  readonly fetch: GuardedFetch;
  readonly files: Files;
  readonly images: { run(task: ImageTask): Promise<ImageResult> };
  readonly live: { emit(event: LiveEvent): void };
  readonly log: Log;
  /** Milliseconds since 1970; tests hand in their own clock. */
  readonly now: () => number;
  readonly newId: NewId;
};
