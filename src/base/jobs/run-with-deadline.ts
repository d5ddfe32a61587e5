/**
 * Runs `work` and gives up on it after `milliseconds` or when `ending` is aborted: the promise then
 * rejects and the signal that `work` got is aborted, whatever `work` does.
 */
export async function runWithDeadline<T>(
  milliseconds: number,
  ending: AbortSignal,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new Error(`It took longer than ${Math.round(milliseconds / 1000)} s.`)),
    milliseconds,
  );
  const signal = AbortSignal.any([deadline.signal, ending]);
  const givenUp = Promise.withResolvers<never>();
  const giveUp = () => givenUp.reject(signal.reason);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  // `work` in a promise of its own: if it throws at once, both are in the race all the same, and none
  // of them is left to be rejected with nobody listening.
  const done = (async () => work(signal))();
  try {
    return await Promise.race([done, givenUp.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
