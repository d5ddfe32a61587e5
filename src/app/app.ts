import type { Context } from '#base/context.ts';
import type { Cron } from '#base/jobs/cron.ts';
import type { JobWorker } from '#base/jobs/worker.ts';
import type { Live } from '#base/live/live.ts';
import type { FrontDoor, Peer } from '#doors/http/server.ts';

/** One server: several can live in one process, each on its own data directory. */
export type App = {
  readonly ctx: Context;
  readonly live: Live;
  readonly jobs: JobWorker;
  readonly cron: Cron;
  /** The doors, put together when they are first needed: a command without a server does not load them. */
  door(): Promise<FrontDoor>;
  /** Answers a request as if it had come over the network, from loopback unless a peer is named. */
  handle(request: Request, peer?: Peer): Promise<Response>;
  /** Works off every job, received activity and delivery that is due and says how many; for tests and commands. */
  settle(): Promise<number>;
  /**
   * Opens the ports and begins with jobs and cron. `url` is where people reach it; not `isReady` while
   * the first certificate is on its way.
   */
  start(): Promise<{ url: string; isReady: boolean }>;
  /** Takes nothing new, lets running requests and jobs finish for at most 10 seconds, closes everything. */
  stop(): Promise<void>;
};
