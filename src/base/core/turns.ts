/** Lets only a few pieces of work run at the same time; the others wait in order. */
export type Turns = {
  /** Does the work when its turn comes; null, at once, when too many wait already. */
  take<T>(work: () => Promise<T>): Promise<T> | null;
  /** Running and waiting. */
  size(): number;
};

/** Makes a queue that runs `most` at a time and lets `maxWaiting` more wait. */
export function createTurns(most: number, maxWaiting: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  const begin = (): Promise<void> => {
    if (running < most) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  // A turn is handed on, not given back: nobody slips in between.
  const end = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    await begin();
    try {
      return await work();
    } finally {
      end();
    }
  };
  return {
    take: (work) => (running >= most && waiting.length >= maxWaiting ? null : run(work)),
    size: () => running + waiting.length,
  };
}
