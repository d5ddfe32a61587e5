import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { createIds } from '#base/core/ids.ts';
import { createCron } from '#base/jobs/cron.ts';
import { JOB_QUEUED } from '#base/jobs/kinds.ts';
import { createJobWorker } from '#base/jobs/worker.ts';
import { createLive } from '#base/live/live.ts';
import { createImageWorker } from '#base/platform/images/client.ts';
import { createLog, type Log } from '#base/platform/log.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { jobKinds } from '#domain/kinds.ts';
import { originOf } from '#domain/origin.ts';
import { openAdminSocket } from './admin/socket.ts';
import type { App } from './app.ts';
import { bootstrapOwner } from './bootstrap-owner.ts';
import { cronTable } from './cron-table.ts';
import { guardConnections } from './guard-connections.ts';
import { jobHandlers } from './job-handlers.ts';
import { listen } from './listen.ts';
import { openData } from './open-data.ts';
import { findNewestId } from './queries.ts';
import { recover } from './recover.ts';

/** What a test may put in place of the real thing. */
export type AppOptions = {
  now?: () => number;
  images?: Context['images'];
  log?: Log;
};

const DRAIN = 10_000;

/** Puts one server together on its data directory; nobody can reach it before `start`. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const now = options.now ?? Date.now;
  const log = options.log ?? createLog(config.logLevel);
  const data = openData(config.data, now);
  const live = createLive(log);
  const worker = createWorker(config, data.files.native, log);
  // A copy, because a port of 0 becomes a real one at the start.
  const address = { ...config.listen };
  const ctx: Context = {
    config: { ...config, listen: address },
    db: data.db,
    files: data.files,
    images: options.images ?? worker,
    live,
    log,
    now,
    newId: createIds(now, findNewestId(data.db)),
  };
  recover(ctx);
  const jobs = createJobWorker(ctx, jobKinds, jobHandlers);
  const cron = createCron(ctx, cronTable);
  const door = once(async () => (await import('./doors.ts')).openDoors(ctx));
  const handle = async (request: Request, peer = { address: '127.0.0.1' }) =>
    (await door()).handle(request, peer);
  let server: ReturnType<typeof listen> | null = null;
  let socket: ReturnType<typeof openAdminSocket> | null = null;
  let unguard: (() => void) | null = null;
  const app: App = {
    ctx,
    live,
    jobs,
    cron,
    door,
    handle,
    start: async () => {
      await bootstrapOwner(ctx);
      const { handle: answer } = await door();
      server = listen(address, answer);
      unguard = guardConnections(server, log);
      address.port = server.port ?? address.port;
      socket = openAdminSocket(app, data.files.adminSocket);
      live.on(JOB_QUEUED, jobs.wake);
      jobs.start();
      cron.start();
      return { url: originOf(ctx.config) };
    },
    stop: once(async () => {
      unguard?.();
      const closed = server === null ? null : closeServer(server);
      await Promise.all([closed, socket?.close(), jobs.drain(DRAIN), cron.drain(DRAIN)]);
      await worker.close();
      data.close();
    }),
  };
  return app;
}

function createWorker(config: Config, nativeDir: string, log: Log) {
  return createImageWorker({
    command: ownCommand('image-worker'),
    nativeDir,
    idleMs: config.imageIdle,
    deadlineMs: config.imageDeadline,
    memoryBytes: config.imageMemory,
    log,
  });
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

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
