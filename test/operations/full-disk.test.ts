import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folderOfTests = new URL('./', import.meta.url).pathname;

/**
 * Runs the child in a mount namespace of its own, where it may make a disk of a few megabytes: as
 * root directly, else as root of a user namespace. Where a system allows neither, this test fails and
 * says so, because nothing else shows that a full disk harms nothing.
 */
async function onSmallDisk(scenario: string, program = 'full-disk-child.ts'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-full-'));
  const namespace = process.getuid?.() === 0 ? ['-m'] : ['-Urm'];
  const mount = `mount -t tmpfs -o size=16m,mode=700 tmpfs "$0" || exit 97; exec "$@"`;
  try {
    const run = Bun.spawn(
      [
        ...['unshare', ...namespace, 'sh', '-c', mount, folder],
        ...[process.execPath, join(folderOfTests, program), scenario, folder],
      ],
      { stdout: 'pipe', stderr: 'pipe', env: { ...process.env, TMPDIR: tmpdir() } },
    );
    const [code, out, err] = await Promise.all([
      run.exited,
      new Response(run.stdout).text(),
      new Response(run.stderr).text(),
    ]);
    if (code === 97 || /unshare/.test(err)) {
      throw new Error(
        `This system lets nobody mount a small disk, so this cannot be tested here (run it as root): ${err}`,
      );
    }
    return code === 0 ? out.trim() : `${out}${err}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('T66: with a disk that runs low, uploads get 507 and everything else goes on', async () => {
  expect(await onSmallDisk('guarded')).toBe('done');
}, 60_000);

test('T66: a disk that is full to the last byte refuses, and leaves files and rows in step', async () => {
  expect(await onSmallDisk('full')).toBe('done');
}, 60_000);

test('a full disk refuses what comes from other servers for now, loses nothing promised, and what goes out goes on', async () => {
  expect(await onSmallDisk('federation', 'full-disk-federation-child.ts')).toBe('done');
}, 60_000);
