import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { createIds } from '#base/core/ids.ts';
import { type Cron, createCron } from '#base/jobs/cron.ts';
import { JOB_QUEUED } from '#base/jobs/kinds.ts';
import { createJobWorker, type JobWorker } from '#base/jobs/worker.ts';
import { createLive, type Live } from '#base/live/live.ts';
import { createLog, type Log } from '#base/platform/log.ts';
import { jobKinds } from '#domain/kinds.ts';
import { cronTable } from './cron-table.ts';
import { jobHandlers } from './job-handlers.ts';
import { listen } from './listen.ts';
import { openData } from './open-data.ts';
import { findNewestId } from './queries.ts';

/** What a test may put in place of the real thing. */
export type AppOptions = {
  now?: () => number;
  images?: Context['images'];
  log?: Log;
};

/** One server: several can live in one process, each on its own data directory. */
export type App = {
  readonly ctx: Context;
  readonly live: Live;
  readonly jobs: JobWorker;
  readonly cron: Cron;
  /** Answers a request as if it had come over the network, from loopback unless a peer is named. */
  handle(request: Request, peer?: { address: string }): Promise<Response>;
  /** Opens the port and begins with jobs and cron. `url` is where people reach it. */
  start(): Promise<{ url: string }>;
  /** Takes nothing new, lets running requests and jobs finish for at most 10 seconds, closes everything. */
  stop(): Promise<void>;
};

const DRAIN = 10_000;

/** Puts one server together on its data directory; nothing runs and nobody can reach it before `start`. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const now = options.now ?? Date.now;
  const log = options.log ?? createLog(config.logLevel);
  const data = openData(config.data, now);
  const live = createLive(log);
  // A copy, because a port of 0 becomes a real one at the start.
  const address = { ...config.listen };
  const ctx: Context = {
    config: { ...config, listen: address },
    db: data.db,
    files: data.files,
    images: options.images ?? { run: refuseImages },
    live,
    log,
    now,
    newId: createIds(now, findNewestId(data.db)),
  };
  const jobs = createJobWorker(ctx, jobKinds, jobHandlers);
  const cron = createCron(ctx, cronTable);
  const handle = async (_request: Request, _peer: { address: string }) =>
    new Response('Not found.', { status: 404 });
  let server: ReturnType<typeof listen> | null = null;
  let stopped = false;
  return {
    ctx,
    live,
    jobs,
    cron,
    handle: (request, peer = { address: '127.0.0.1' }) => handle(request, peer),
    start: async () => {
      data.files.clearTemp();
      server = listen(address, config.uploadMaxSize, handle);
      address.port = server.port ?? address.port;
      live.on(JOB_QUEUED, jobs.wake);
      jobs.start();
      cron.start();
      return { url: config.origin ?? `http://localhost:${address.port}` };
    },
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await Promise.all([
        server === null ? null : closeServer(server),
        jobs.drain(DRAIN),
        cron.drain(DRAIN),
      ]);
      data.close();
    },
  };
}

// `stop()` takes no new connections; what is being answered gets its time, kept-alive
// connections without a request do not.
async function closeServer(server: ReturnType<typeof listen>): Promise<void> {
  const end = Date.now() + DRAIN;
  const closed = server.stop(false);
  while (server.pendingRequests > 0 && Date.now() < end) await Bun.sleep(20);
  await server.stop(true);
  await closed;
}

async function refuseImages(): Promise<never> {
  throw new AppError('unavailable', 'Pictures cannot be worked on here.');
}
