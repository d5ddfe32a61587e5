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
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(signal), givenUp]);
  } finally {
    clearTimeout(timer);
  }
}
