import { readdirSync, readFileSync } from 'node:fs';

/**
 * Resident memory of a process alone and with all of its children, bytes. In `all` the pages that
 * two processes share (the executable) count twice, in `once` they do not.
 */
export type Memory = { server: number; all: number; once: number };

/** Resident memory now. */
export function residentBytes(pid: number): Memory {
  const own = residentOf(pid);
  let all = own;
  let once = proportionalOf(pid);
  const waiting = childrenOf(pid);
  for (let child = waiting.pop(); child !== undefined; child = waiting.pop()) {
    all += residentOf(child);
    once += proportionalOf(child);
    waiting.push(...childrenOf(child));
  }
  return { server: own, all, once };
}

/** Looks every 20 ms while `work` runs; the highest sums seen. */
export async function peakMemory(pid: number, work: () => Promise<unknown>): Promise<Memory> {
  const peak = { server: 0, all: 0, once: 0 };
  const timer = setInterval(() => {
    const now = residentBytes(pid);
    peak.server = Math.max(peak.server, now.server);
    peak.all = Math.max(peak.all, now.all);
    peak.once = Math.max(peak.once, now.once);
  }, 20);
  await work();
  clearInterval(timer);
  return peak;
}

function residentOf(pid: number): number {
  return readKilobytes(`/proc/${pid}/status`, /^VmRSS:\s+([0-9]+) kB$/m);
}

function proportionalOf(pid: number): number {
  return readKilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+([0-9]+) kB$/m);
}

function readKilobytes(path: string, pattern: RegExp): number {
  try {
    const line = pattern.exec(readFileSync(path, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}
