import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of some megabytes that only those see who are started `inside`; it goes with `close`. */
export type SmallDisk = {
  /** Its folder, as those inside call it. */
  path: string;
  /** The same folder for this process. */
  seen: string;
  /** What stands before a command that shall see it. */
  inside: readonly string[];
  /** Writes until not a byte is left. */
  fill(): void;
  makeRoom(): void;
  /** A folder of it that nobody can write to, not even root. */
  lock(folder: string): void;
  unlock(folder: string): void;
  close(): Promise<void>;
};

/** Whether this machine lets us mount a disk; tests that need one say so in their name. */
export const canMount = process.getuid?.() === 0;

/** Makes one in a mount namespace of its own: nothing of it stays, however the test ends. */
export async function makeSmallDisk(megabytes: number): Promise<SmallDisk> {
  const path = mkdtempSync(join(tmpdir(), 'tintype-disk-'));
  const mount = `mount -t tmpfs -o size=${megabytes}m,mode=755 tmpfs "$0" && : > "$0/mounted" && exec cat`;
  const keeper = Bun.spawn(['unshare', '-m', 'sh', '-c', mount, path], {
    ...{ stdin: 'pipe', stdout: 'ignore', stderr: 'inherit' },
  });
  const seen = `/proc/${keeper.pid}/root${path}`;
  while (!existsSync(join(seen, 'mounted'))) {
    if (keeper.exitCode !== null) throw new Error('This machine lets nobody mount a disk.');
    await Bun.sleep(5);
  }
  const inside = ['nsenter', `--target=${keeper.pid}`, '--mount', `--wd=${process.cwd()}`, '--'];
  const run = (...command: string[]) => {
    const { exitCode, stderr } = Bun.spawnSync([...inside, ...command]);
    if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr.toString()}`);
  };
  const ballast = join(seen, 'ballast');
  return {
    ...{ path, seen, inside },
    fill: () => fillWith(ballast),
    makeRoom: () => rmSync(ballast, { force: true }),
    lock: (folder) => {
      run('mount', '--bind', folder, folder);
      run('mount', '-o', 'remount,bind,ro', folder);
    },
    unlock: (folder) => run('umount', '--lazy', folder),
    close: async () => {
      keeper.kill('SIGKILL');
      await keeper.exited;
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function fillWith(path: string): void {
  for (const size of [1_000_000, 4096, 64]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for pieces of this size.
    }
  }
}
