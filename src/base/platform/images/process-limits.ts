import { dlopen, ptr } from 'bun:ffi';
import { readFileSync } from 'node:fs';

// Linux: the same numbers on x64 and arm64.
const rlimitData = 2;
const parentDeathSignal = 1;
const killSignal = 9;

/**
 * Caps what this process may allocate (RLIMIT_DATA) at `bytes` more than it holds now: the engine
 * reserves gigabytes of address space at start, which count. False where the system refuses.
 */
export function limitMemory(bytes: number): boolean {
  return attempt(() => {
    const libc = dlopen('libc.so.6', { setrlimit: { args: ['i32', 'ptr'], returns: 'i32' } });
    const limit = BigInt(heldDataBytes() + bytes);
    // struct rlimit: soft and hard limit, two 64-bit words on every 64-bit Linux.
    const words = new BigUint64Array([limit, limit]);
    return libc.symbols.setrlimit(rlimitData, ptr(words)) === 0;
  });
}

/** Asks the kernel to kill this process when its parent dies, however busy it is. */
export function dieWithParent(): boolean {
  return attempt(() => {
    const libc = dlopen('libc.so.6', {
      prctl: { args: ['i32', 'u64', 'u64', 'u64', 'u64'], returns: 'i32' },
    });
    return libc.symbols.prctl(parentDeathSignal, killSignal, 0, 0, 0) === 0;
  });
}

/** Resident memory of this process in bytes. */
export function residentBytes(): number {
  return process.memoryUsage.rss();
}

function heldDataBytes(): number {
  const line = /^VmData:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  if (line === null) throw new Error('no VmData in /proc/self/status');
  return Number(line[1]) * 1024;
}

function attempt(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    return false;
  }
}
