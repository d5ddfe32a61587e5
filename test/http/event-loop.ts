import { readFileSync } from 'node:fs';

/**
 * The longest time (milliseconds) that the event loop stood still while `work` ran. Without the time
 * in which it waited for a processor that other programs had: that is no fault of the work.
 */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let queued = queuedMs();
  const tick = () => {
    const now = performance.now();
    const waited = queuedMs();
    longest = Math.max(longest, now - last - (waited - queued));
    last = performance.now();
    queued = waited;
  };
  const timer = setInterval(tick, 1);
  try {
    await Bun.sleep(5);
    tick();
    longest = 0;
    await work();
    tick();
  } finally {
    clearInterval(timer);
  }
  return longest;
}

/** Milliseconds that this thread has stood in the kernel's queue for a processor (sched-stats.rst). */
function queuedMs(): number {
  const [, waited = 0] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return waited / 1e6;
}
