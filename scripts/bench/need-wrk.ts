import { run } from '#scripts/process.ts';

/** Makes sure that `wrk` is there, by apt where that is possible. */
export async function needWrk(): Promise<void> {
  if (Bun.which('wrk') !== null) return;
  if (process.getuid?.() === 0 && Bun.which('apt-get') !== null) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run(['apt-get', 'update', '-qq'], { env });
    await run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'wrk'], { env });
  }
  if (Bun.which('wrk') === null) {
    throw new Error('The benchmarks need the Debian package wrk: sudo apt-get install wrk');
  }
}
