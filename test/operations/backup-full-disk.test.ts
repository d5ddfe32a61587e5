import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCommand } from '#base/platform/own-command.ts';
import type { WorkMessage } from '#domain/backup/run-work.ts';
import { backUp, check, createBackupWorld, orderFor, storeFiles } from '#test/backup/world.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

const root = mkdtempSync(join(tmpdir(), 'tintype-full-backup-'));
const world = await createBackupWorld();
afterAll(async () => {
  await world.close();
  rmSync(root, { recursive: true, force: true });
});

/** Runs the child where it may mount a disk of 40 MB, as `full-disk.test.ts` does. */
async function onSmallDisk(scenario: string): Promise<string> {
  const [small, large] = [join(root, `${scenario}-small`), join(root, `${scenario}-large`)];
  mkdirSync(small);
  mkdirSync(large);
  const namespace = process.getuid?.() === 0 ? ['-m'] : ['-Urm'];
  const mount = `mount -t tmpfs -o size=40m,mode=700 tmpfs "$0" || exit 97; exec "$@"`;
  const program = join(import.meta.dir, 'backup-full-disk-child.ts');
  const run = Bun.spawn(
    [
      ...['unshare', ...namespace, 'sh', '-c', mount, small],
      ...[process.execPath, program, scenario, small, large],
    ],
    { stdout: 'pipe', stderr: 'pipe', env: { ...process.env, TMPDIR: tmpdir() } },
  );
  const [code, out, err] = await Promise.all([
    run.exited,
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
  ]);
  return code === 0 ? out.trim() : `${out}${err}`;
}

test('a place that is full refuses with the numbers, or in the middle with a clear sentence, and nothing breaks', async () => {
  expect(await onSmallDisk('place')).toBe('done');
}, 60_000);

test('a data directory without room for a copy of the database refuses, and nothing breaks', async () => {
  expect(await onSmallDisk('data')).toBe('done');
}, 60_000);

test('a limit on the size of files ends a backup with a sentence, and the next one works', async () => {
  await storeFiles(world.app, 3);
  const stage = join(world.app.ctx.files.tmp, 'limited');
  mkdirSync(stage, { mode: 0o700 });
  const limited = ['sh', '-c', 'ulimit -f 400; exec "$@"', 'sh', ...ownCommand('backup-worker')];
  const child = Bun.spawn(limited, { stdin: 'pipe', stdout: 'pipe', stderr: 'ignore', env: {} });
  child.stdin.write(`${JSON.stringify({ ...orderFor(world), stage })}\n`);
  await child.stdin.flush();
  const said = await new Response(child.stdout).text();
  await child.exited;
  const last = said.trim().split('\n').at(-1) ?? '';
  // Either the system tells the program, which tells us, or it ends it.
  if (child.signalCode === null) {
    const message = JSON.parse(last) as WorkMessage;
    const problem = 'failed' in message ? message.failed : null;
    expect(problem?.kind).toBe('unavailable');
    expect(problem?.message).toContain('files may not become that large');
  } else expect(child.signalCode).toBe('SIGXFSZ');
  rmSync(stage, { recursive: true });
  expect(readdirSync(world.to)).not.toContain('snapshots');
  expect((await backUp(world)).verify.ok).toBe(true);
  expect((await check(world)).ok).toBe(true);
}, 30_000);
