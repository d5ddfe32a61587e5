import { FetchError } from '#base/platform/fetch.ts';

/** One clock over everything that a request does. */
export type Deadline = {
  readonly signal: AbortSignal;
  /** Waits for `work`, but not longer than the deadline; what comes later is dropped. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Throws `timeout` if it was the clock that ended it, `unreachable` if the caller did. */
  throwIfOver(host: string): void;
  close(): void;
};

/** Starts the clock: it ends after `milliseconds`, or when the caller's own signal says so. */
export function openDeadline(milliseconds: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, milliseconds);
  const stop = () => controller.abort();
  if (outer?.aborted) stop();
  outer?.addEventListener('abort', stop);
  return {
    signal,
    race: (work) => raceSignal(work, signal),
    throwIfOver: (host) => {
      if (late) throw new FetchError('timeout', `${host} did not answer in time.`);
      if (signal.aborted) throw new FetchError('unreachable', 'The request was broken off here.');
    },
    close: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}

function raceSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('over'));
    const end = () => signal.removeEventListener('abort', stop);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    work.then(resolve, reject).finally(end);
  });
}
