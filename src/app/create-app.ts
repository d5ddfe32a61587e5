import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { createIds } from '#base/core/ids.ts';
import { createCron } from '#base/jobs/cron.ts';
import { JOB_QUEUED } from '#base/jobs/kinds.ts';
import { createJobWorker, type JobWorker } from '#base/jobs/worker.ts';
import { createLive, type Live } from '#base/live/live.ts';
import { createFetch } from '#base/platform/fetch/create-fetch.ts';
import type { GuardedFetch } from '#base/platform/fetch.ts';
import { createImageWorker } from '#base/platform/images/client.ts';
import type { Log } from '#base/platform/log.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { jobKinds } from '#domain/kinds.ts';
import { originOf } from '#domain/origin.ts';
import { requireMediaHome } from '#domain/storage/media-home.ts';
import { requireKnownOrigin } from '#doors/federation/outbound/lock-origin.ts';
import type { FrontDoor, Peer } from '#doors/http/server.ts';
import { openAdminSocket } from './admin/socket.ts';
import type { App } from './app.ts';
import { bootstrapOwner } from './bootstrap-owner.ts';
import { cronTable } from './cron-table.ts';
import { guardConnections } from './guard-connections.ts';
import { jobHandlers } from './job-handlers.ts';
import type { Entrance } from './listen.ts';
import type { Mail } from './mail.ts';
import { observe } from './observe.ts';
import { openData } from './open-data.ts';
import { findNewestId } from './queries.ts';
import { recover } from './recover.ts';
import { requireRightClock } from './require-right-clock.ts';
import { createWayIn } from './way-in.ts';

/** What a test may put in place of the real thing. */
export type AppOptions = {
  now?: () => number;
  images?: Context['images'];
  log?: Log;
  /** Addresses of a host name, instead of the system's resolver. */
  resolve?: (host: string) => Promise<readonly string[]>;
  /** The way out itself: a copy that is only looked at has none. */
  fetch?: GuardedFetch;
};

const DRAIN = 10_000;

/** Puts one server together on its data directory; nobody can reach it before `start`. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const now = options.now ?? Date.now;
  const data = openData(config.data, now);
  const { close: closeEyes, ...eyes } = observe(config, data.files.logs, now, options.log);
  const live = createLive(eyes.log);
  const worker = createWorker(config, data.files.native, eyes.log);
  // A copy, because a port of 0 becomes a real one at the start.
  const address = { ...config.listen };
  const ctx: Context = {
    config: { ...config, listen: address },
    db: data.db,
    fetch: options.fetch ?? createWayOut(config, now, options, () => ctx.config),
    files: data.files,
    images: options.images ?? worker,
    live,
    ...eyes,
    now,
    newId: createIds(now, findNewestId(data.db)),
  };
  recover(ctx);
  const jobs = createJobWorker(ctx, jobKinds, jobHandlers);
  const wayIn = createWayIn(ctx, address);
  const cron = createCron(ctx, [...cronTable, ...wayIn.cron]);
  // What to do before the port is closed.
  const farewells: (() => void)[] = [];
  const door = once(() => openFront(ctx, live, farewells));
  const mail = once(async () => (await import('./mail.ts')).openMail(ctx));
  const handle = async (request: Request, peer: Peer = { address: '127.0.0.1' }) =>
    (await door()).handle(request, peer);
  const working: { drain(timeout: number): Promise<void> }[] = [];
  let server: Entrance | null = null;
  let socket: ReturnType<typeof openAdminSocket> | null = null;
  const app: App = {
    ctx,
    live,
    jobs,
    cron,
    door,
    handle,
    settle: async () => {
      const { inbox, courier } = await mail();
      return await settleAll([jobs, inbox, courier]);
    },
    start: async () => {
      requireRightWorld(ctx);
      await bootstrapOwner(ctx);
      // From the open port on nothing waits: an update is taken as good in that moment.
      const [{ handle: answer }, post] = [await door(), await mail()];
      server = await wayIn.open(answer);
      farewells.push(guardConnections(server, ctx.log));
      socket = openAdminSocket(app, data.files.adminSocket);
      live.on(JOB_QUEUED, jobs.wake);
      jobs.start();
      working.push(...startMail(post, live));
      cron.start();
      return { url: originOf(ctx.config), isReady: wayIn.isReady() };
    },
    stop: once(async () => {
      for (const say of farewells) say();
      const closed = server === null ? null : closeServer(server);
      const ends = working.map((work) => work.drain(DRAIN));
      await Promise.all([closed, socket?.close(), jobs.drain(DRAIN), cron.drain(DRAIN), ...ends]);
      await worker.close();
      closeEyes();
      data.close();
    }),
  };
  return app;
}

/** What was decided earlier still holds. */
function requireRightWorld(ctx: Context): void {
  requireRightClock(ctx);
  requireKnownOrigin(ctx);
  requireMediaHome(ctx);
}

/** The doors, with those in front of them who listen to what happens. */
async function openFront(ctx: Context, live: Live, farewells: (() => void)[]): Promise<FrontDoor> {
  const { openDoors, openStreams } = await import('./doors.ts');
  const streams = openStreams(ctx);
  live.on('*', streams.hear);
  // A stream is never done by itself, and the end of the server waits for what is being answered.
  farewells.push(streams.close);
  return openDoors(ctx);
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

function startMail({ inbox, courier }: Mail, live: Live): JobWorker[] {
  live.on('inbox.queued', inbox.wake);
  live.on('delivery.queued', courier.wake);
  inbox.start();
  courier.start();
  return [inbox, courier];
}

function createWayOut(
  config: Config,
  now: () => number,
  { resolve }: AppOptions,
  // As it is once the port is known.
  current: () => Config,
): GuardedFetch {
  return createFetch({
    allowAddresses: config.allowAddresses,
    userAgent: `Tintype/${buildInfo.version} (+${originOf(config)}/)`,
    now,
    isOwnHost: (host) => host === new URL(originOf(current())).host,
    ...(resolve ? { resolve } : {}),
  });
}

/** One kind of work makes another: only when all have nothing left it is over. */
async function settleAll(works: readonly JobWorker[]): Promise<number> {
  let all = 0;
  let round = -1;
  while (round !== 0) {
    round = 0;
    for (const work of works) round += await work.runDue();
    all += round;
  }
  return all;
}

// `stop()` takes no new connections; what is being answered gets its time, kept-alive
// connections without a request do not.
async function closeServer(server: Entrance): Promise<void> {
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
