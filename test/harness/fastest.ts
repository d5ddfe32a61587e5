/** Milliseconds of the fastest of a few runs: what other programs of the machine do meanwhile hardly counts. */
export async function fastest(work: () => unknown, runs = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    await work();
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}
