/** How late the event loop is, milliseconds: `last` of the last second, `worst` since it was asked before. */
export type LoopLag = { read(): { last: number; worst: number }; stop(): void };

const EVERY = 1000;

/** Looks once a second how much later than asked a timer comes. */
export function watchLoopLag(): LoopLag {
  let due = performance.now() + EVERY;
  let last = 0;
  let worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    last = Math.max(0, now - due);
    worst = Math.max(worst, last);
    due = now + EVERY;
  }, EVERY);
  timer.unref();
  return {
    read: () => {
      const answer = { last, worst };
      worst = last;
      return answer;
    },
    stop: () => clearInterval(timer),
  };
}
