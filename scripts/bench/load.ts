import { existsSync } from 'node:fs';

export type Load = { url: string; headers?: Record<string, string>; seconds?: number };

/**
 * Requests per second of one address under 16 kept-alive connections, by Debian's `wrk`: a generator
 * in the same runtime would be slower than what it measures. Throws if any answer was not 2xx.
 */
export async function requestsPerSecond(load: Load): Promise<number> {
  const headers = Object.entries(load.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const args = ['-t1', '-c16', `-d${load.seconds ?? 3}s`, ...headers, load.url];
  const child = Bun.spawn(['wrk', ...args], { stdout: 'pipe', stderr: 'inherit' });
  const text = await new Response(child.stdout).text();
  await child.exited;
  const rate = /Requests\/sec:\s+([0-9.]+)/.exec(text)?.[1];
  if (rate === undefined) throw new Error(`wrk said nothing of ${load.url}:\n${text}`);
  const failed = /Non-2xx or 3xx responses: ([0-9]+)/.exec(text)?.[1];
  if (failed !== undefined) throw new Error(`${failed} answers of ${load.url} were refusals.`);
  return Number(rate);
}

/** Two addresses in turn, `rounds` times; the medians, so that a noisy moment hits both. */
export async function compareLoads(
  ours: Load,
  bare: Load,
  rounds = 3,
): Promise<{ ours: number; bare: number }> {
  const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    rates.ours.push(await requestsPerSecond(ours));
    rates.bare.push(await requestsPerSecond(bare));
  }
  return { ours: median(rates.ours), bare: median(rates.bare) };
}

/** The middle of some numbers. */
export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Makes sure that `wrk` is there, by apt where that is possible. */
export async function needWrk(): Promise<void> {
  if (['/usr/bin/wrk', '/usr/local/bin/wrk'].some((path) => existsSync(path))) return;
  if (process.getuid?.() === 0) {
    await Bun.spawn(['sh', '-c', 'apt-get update -qq && apt-get install -y -qq wrk'], {
      stdout: 'ignore',
    }).exited;
  }
  if (!existsSync('/usr/bin/wrk')) throw new Error('The benchmarks need wrk: apt-get install wrk');
}
