/** The longest time (milliseconds) that the event loop stood still while `work` ran. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(tick, 1);
  try {
    await Bun.sleep(5);
    longest = 0;
    last = performance.now();
    await work();
    tick();
  } finally {
    clearInterval(timer);
  }
  return longest;
}
