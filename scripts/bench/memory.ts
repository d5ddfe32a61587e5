import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process alone and with all of its children, bytes. */
export type Memory = { server: number; all: number };

/** Resident memory now. Pages that two processes share count twice. */
export function residentBytes(pid: number): Memory {
  const own = residentOf(pid);
  let all = own;
  const waiting = childrenOf(pid);
  for (let child = waiting.pop(); child !== undefined; child = waiting.pop()) {
    all += residentOf(child);
    waiting.push(...childrenOf(child));
  }
  return { server: own, all };
}

/** Looks every 20 ms while `work` runs; the highest sums seen. */
export async function peakMemory(pid: number, work: () => Promise<unknown>): Promise<Memory> {
  const peak = { server: 0, all: 0 };
  const timer = setInterval(() => {
    const now = residentBytes(pid);
    peak.server = Math.max(peak.server, now.server);
    peak.all = Math.max(peak.all, now.all);
  }, 20);
  await work();
  clearInterval(timer);
  return peak;
}

function residentOf(pid: number): number {
  try {
    const line = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
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
