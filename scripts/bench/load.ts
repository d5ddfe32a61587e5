import { outputOf } from './processes.ts';

export type Load = { url: string; headers?: Record<string, string> };

/** Seconds of one load: short, and repeated instead. */
const SECONDS = 2;

/**
 * Requests per second of one address under 16 kept-alive connections, by Debian's `wrk`: a generator
 * in the same runtime would be slower than what it measures. Throws if any answer was not 2xx.
 */
async function requestsPerSecond(load: Load): Promise<number> {
  const headers = Object.entries(load.headers ?? {}).flatMap((pair) => ['-H', pair.join(': ')]);
  const text = await outputOf(['wrk', '-t1', '-c16', `-d${SECONDS}s`, ...headers, load.url]);
  const rate = /Requests\/sec:\s+([0-9.]+)/.exec(text)?.[1];
  if (rate === undefined) throw new Error(`wrk said nothing of ${load.url}:\n${text}`);
  const failed = /Non-2xx or 3xx responses: ([0-9]+)/.exec(text)?.[1];
  if (failed !== undefined) throw new Error(`${failed} answers of ${load.url} were refusals.`);
  return Number(rate);
}

/** All addresses in turn, `rounds` times; the medians, so that a noisy moment hits each alike. */
export async function compareLoads<Name extends string>(
  loads: Record<Name, Load>,
  rounds = 5,
): Promise<Record<Name, number>> {
  const names = Object.keys(loads) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  // Once without a look: code that has just started is still being compiled.
  for (const name of names) await requestsPerSecond(loads[name]);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) rates[name]?.push(await requestsPerSecond(loads[name]));
  }
  return Object.fromEntries(names.map((name) => [name, median(rates[name] ?? [])])) as Record<
    Name,
    number
  >;
}

/** The middle of some numbers. */
export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
