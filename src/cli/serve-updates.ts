import type { App } from '#app/app.ts';
import { become } from '#base/platform/become.ts';
import { takeLock } from '#base/platform/lock.ts';
import { ownExecutable } from '#base/platform/own-executable.ts';
import { changeOver } from '#domain/upkeep/change-over.ts';
import { returnToPrevious, settleStart } from '#domain/upkeep/settle-update.ts';
import { tellOfUpdateEnd } from '#domain/upkeep/tell-of-update.ts';
import { readUpdateRecord, updatePlaces, writeUpdateRun } from '#domain/upkeep/update-record.ts';
import { rehearse } from './rehearse.ts';

/** What a start that an update may depend on tells of itself. */
export type WatchedStart = {
  /** It is open to people: from now on nothing is taken back. */
  succeeded(app: App): void;
  /** It did not come up; goes on as the version before, if this was the first start after an update. */
  failed(error: unknown): void;
};

const COMES_UP = 180_000;

/**
 * To be asked before a server opens its data: waits for an update in progress, takes back one that was
 * cut short, and may go on as another executable. `argv` is what follows `serve`.
 */
export async function watchStart(data: string, argv: readonly string[]): Promise<WatchedStart> {
  await untilNobodyUpdates(data);
  const settled = settleStart(data, Date.now());
  if (settled.kind === 'become') goOnAs(settled.executable, argv);
  if (settled.kind === 'none') {
    return { succeeded: ({ ctx }) => tellOfUpdateEnd(ctx), failed: () => undefined };
  }
  const goBack = (why: string): never => {
    console.error(`The new version did not come up (${why}); the one before goes on.`);
    return goOnAs(
      returnToPrevious(data, `The new version did not come up: ${why}`, Date.now()),
      argv,
    );
  };
  // A start that hangs ends here and is counted; whatever starts it again finds that out.
  const timer = setTimeout(() => process.exit(1), COMES_UP);
  let isOpen = false;
  return {
    succeeded: ({ ctx }) => {
      isOpen = true;
      clearTimeout(timer);
      writeUpdateRun(data, { phase: 'done', endedAt: Date.now(), detail: null });
      tellOfUpdateEnd(ctx);
    },
    failed: (error) => {
      clearTimeout(timer);
      // What people wrote since then is not given up for an error.
      if (isOpen) return;
      goBack(error instanceof Error ? error.message : String(error));
    },
  };
}

/** To be called when a server has ended: goes over to a new version in its place, if that was ordered. */
export async function goOver(data: string, argv: readonly string[]): Promise<void> {
  const executable = ownExecutable();
  const { run } = readUpdateRecord(data);
  if (executable === null || run?.phase !== 'ordered') return;
  const ended = new AbortController();
  const stop = () => ended.abort(new Error('The server was told to end during its update.'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
  const isOver = await changeOver(data, {
    rehearse: (staged, signal) => rehearse(staged, argv, signal),
    now: Date.now,
    signal: ended.signal,
  });
  const { detail } = readUpdateRecord(data).run ?? {};
  console.log(isOver ? `Going on as version ${run.to.version}.` : `The update failed: ${detail}`);
  if (ended.signal.aborted) return;
  goOnAs(executable, argv);
}

function goOnAs(executable: string, argv: readonly string[]): never {
  return become(executable, ['serve', ...argv]);
}

async function untilNobodyUpdates(data: string): Promise<void> {
  const { lock } = updatePlaces(data);
  for (;;) {
    const phase = readUpdateRecord(data).run?.phase;
    if (phase !== 'ordered' && phase !== 'switching' && phase !== 'proven') return;
    const mine = takeLock(lock);
    if ('release' in mine) return mine.release();
    await Bun.sleep(100);
  }
}

/** Whether a server that was put together answers, before anybody reaches it: for rehearsals. */
export async function findFault(app: App): Promise<string | null> {
  for (const path of ['/readyz', '/', '/about', '/api/v2/instance']) {
    const { status } = await app.handle(new Request(`http://localhost${path}`));
    if (status >= 500) return `${path} answered ${status}`;
  }
  return null;
}
