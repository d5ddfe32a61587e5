import type { Context } from '#base/context.ts';
import { deliver } from './deliver.ts';
import { findBody } from './delivery-queries.ts';
import type { Verdict } from './judge.ts';
import { createLines, type Landing, type Lines, type Start } from './lines.ts';
import { createResults } from './results.ts';

export type FlightOptions = { deadline: number; patience: number; random: () => number };

export type Flights = {
  readonly lines: Lines;
  /** Begins with all that may begin now. */
  send(): void;
  /** How many have begun so far. */
  count(): number;
  /** Ends when nothing is on its way any more and all is written. */
  landed(): Promise<void>;
  /** Begins nothing new. */
  rest(): void;
  /** Breaks off what is on its way: it waits as if it had never been tried. */
  abort(): Promise<void>;
};

/** Deliveries that are on their way. `idle` is called when a commit is done and nobody is in line. */
export function createFlights(ctx: Context, options: FlightOptions, idle: () => void): Flights {
  const { deadline, patience, random } = options;
  const lines = createLines(ctx.db);
  const flying = new Set<Promise<void>>();
  // One for each: thousands of listeners on a single signal would be slow to leave it.
  const endings = new Set<AbortController>();
  let bodies = new Map<number, string>();
  let resting = false;
  let count = 0;
  const results = createResults(ctx, random, (batch) => {
    lines.written(batch.map(({ delivery }) => delivery.id));
    // A text may have been replaced meanwhile.
    bodies = new Map();
    if (!resting && lines.isEmpty()) idle();
  });
  const bodyOf = (activityId: number): string | null => {
    const body = bodies.get(activityId) ?? findBody(ctx.db, activityId);
    if (body !== null) bodies.set(activityId, body);
    return body;
  };
  const land = (start: Start, verdict: Verdict): void => {
    lines.land(start, landingOf(verdict));
    results.add({ delivery: start.delivery, verdict }, flying.size <= 1);
  };
  const fly = async (start: Start): Promise<void> => {
    const { delivery, host } = start;
    const body = bodyOf(delivery.activityId);
    if (body === null) {
      lines.land(start, 'refused');
      lines.written([delivery.id]);
      return;
    }
    const late = setTimeout(() => {
      lines.step(start);
      send();
    }, patience);
    const letter = { delivery, body, scheme: host.scheme };
    const ending = new AbortController();
    endings.add(ending);
    const verdict = await deliver(ctx, letter, { deadline, signal: ending.signal });
    endings.delete(ending);
    clearTimeout(late);
    if (!ending.signal.aborted || verdict.kind === 'delivered') land(start, verdict);
  };
  const send = (): void => {
    if (resting) return;
    for (let start = lines.next(ctx.now()); start !== null; start = lines.next(ctx.now())) {
      count += 1;
      const flight = fly(start)
        .catch((error) => ctx.log.error('A delivery came to grief.', { error }))
        .finally(() => {
          flying.delete(flight);
          send();
        });
      flying.add(flight);
    }
  };
  const landed = async (): Promise<void> => {
    while (flying.size > 0) await Promise.all(flying);
    results.write();
  };
  return {
    lines,
    send,
    count: () => count,
    landed,
    rest: () => {
      resting = true;
    },
    abort: async () => {
      for (const ending of endings) ending.abort();
      await Promise.all(flying);
      results.end();
    },
  };
}

function landingOf({ kind }: Verdict): Landing {
  if (kind === 'delivered') return 'arrived';
  return kind === 'again' || kind === 'held' ? 'failed' : 'refused';
}
