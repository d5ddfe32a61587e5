import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import {
  createImageWorker,
  type ImageWorker,
  type ImageWorkerOptions,
} from '#base/platform/images/client.ts';
import type { RenderTask } from '#base/platform/images/contract.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { gifBomb, pngBomb } from '#test/harness/bombs.ts';
import { gainMapJpeg } from '#test/harness/gain-map.ts';
import { findLeaks } from '#test/harness/leaks.ts';
import {
  createPictureFolder,
  limits,
  noise,
  quarters,
  renditions,
  sharp,
} from '#test/harness/pictures.ts';

// Other work may have the processor for itself for a while.
setDefaultTimeout(60_000);

const folder = createPictureFolder();
const nativeDir = folder.path('native');
mkdirSync(nativeDir);
const main = new URL('../harness/image-worker-main.ts', import.meta.url).pathname;
const small = await folder.write('small.jpg', await quarters(200, 100).jpeg().toBuffer());
// Some seconds of work: large, and nothing repeats.
const slow = await folder.write('slow.png', await noise(5000, 4000).png().toBuffer());

const started: ImageWorker[] = [];
const warnings: string[] = [];
const log = { warn: (message: string) => void warnings.push(message) };

function start(changes: Partial<ImageWorkerOptions> = {}): ImageWorker {
  const command = [process.execPath, main];
  const worker = createImageWorker({ command, nativeDir, log, ...changes });
  started.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.close()));
  warnings.length = 0;
});
afterAll(folder.remove);

let prefix = 0;
function task(source: string): RenderTask {
  prefix += 1;
  return {
    kind: 'render',
    source,
    limits,
    edits: null,
    outputs: renditions(folder, `${prefix}`),
  };
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof ImageRefused ? error.refusal : String(error);
  }
}

function isAlive(pid: number): boolean {
  try {
    // A zombie counts as ended: its parent has not looked yet.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, ms = 5000): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (condition()) return true;
    await Bun.sleep(20);
  }
  return condition();
}

/** Bytes that a process has read so far: it grows when the work on a picture has begun. */
function bytesRead(pid: number): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
}

/** Gives the worker, which must be idle, a large picture, and waits until it is in the middle of it. */
async function makeBusy(worker: ImageWorker, work: RenderTask) {
  const pid = pidOf(worker);
  const before = bytesRead(pid);
  const refusal = refusalOf(worker.run(work));
  expect(await until(() => bytesRead(pid) > before + 1_000_000, 20_000)).toBe(true);
  return { pid, refusal };
}

function pidOf(worker: ImageWorker): number {
  const { pid } = worker.state();
  if (pid === null) throw new Error('no worker is running');
  return pid;
}

describe('the image worker', () => {
  test('starts with the first picture, serves many in order with one process, and keeps its limits', async () => {
    const worker = start();
    expect(worker.state()).toEqual({ pid: null, tasks: 0 });
    await worker.run(task(small));
    const pid = pidOf(worker);
    const limitsOf = readFileSync(`/proc/${pid}/limits`, 'utf8');
    expect(limitsOf).toMatch(/^Max data size\s+\d+/m);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    expect(environment.sort()).toEqual([
      `BUN_TMPDIR=${nativeDir}`,
      'MALLOC_ARENA_MAX=2',
      `TMPDIR=${nativeDir}`,
    ]);
    const order: number[] = [];
    const works = [0, 1, 2, 3].map(async (index) => {
      const result = await worker.run(task(small));
      order.push(index);
      return result;
    });
    expect(worker.state().tasks).toBe(4);
    expect((await Promise.all(works)).map((result) => result.kind)).toEqual(
      Array(4).fill('render'),
    );
    expect(order).toEqual([0, 1, 2, 3]);
    expect(worker.state()).toEqual({ pid, tasks: 0 });
    expect(warnings).toEqual([]);
  });

  test('refuses pictures one by one and goes on', async () => {
    const worker = start();
    const write = folder.write;
    const cut = readFileSync(small).subarray(0, 500);
    expect(await refusalOf(worker.run(task(await write('a', Buffer.from('<svg/>')))))).toBe(
      'unsupported',
    );
    expect(await refusalOf(worker.run(task(await write('b', pngBomb(65_535, 65_535)))))).toBe(
      'too_many_pixels',
    );
    expect(await refusalOf(worker.run(task(await write('c', gifBomb(9, 9, 9000)))))).toBe(
      'too_many_frames',
    );
    expect(await refusalOf(worker.run(task(await write('d', cut))))).toBe('damaged');
    const missing = task(folder.path('missing'));
    expect(await refusalOf(worker.run(missing))).toBe('worker_failed');
    expect(await refusalOf(worker.run(task(small)))).toBe('done');
  });

  test('takes the HDR pictures of phones as the JPEG that they are, and cleans the gain map away', async () => {
    const worker = start();
    const source = await folder.write('hdr.jpg', await gainMapJpeg());
    expect((await sharp(source).metadata()).gainMap).toBeDefined();
    const result = await worker.run(task(source));
    expect(result).toMatchObject({ kind: 'render', width: 256, height: 256 });
    const path = folder.path('hdr.clean');
    await worker.run({ kind: 'clean', source, path, limits });
    expect(findLeaks(readFileSync(path))).toEqual([]);
  });

  test('ends when it is idle and comes back with the next picture', async () => {
    const worker = start({ idleMs: 100 });
    await worker.run(task(small));
    const first = pidOf(worker);
    expect(await until(() => !isAlive(first))).toBe(true);
    expect(worker.state().pid).toBeNull();
    await worker.run(task(small));
    expect(pidOf(worker)).not.toBe(first);
  });

  test('T56: is killed at the deadline; the picture leaves nothing, the next one is made', async () => {
    const worker = start({ deadlineMs: 3000 });
    await worker.run(task(small));
    const late = task(slow);
    const { pid, refusal } = await makeBusy(worker, late);
    const next = task(small);
    const following = worker.run(next);
    process.kill(pid, 'SIGSTOP');
    expect(await refusal).toBe('too_slow');
    expect(isAlive(pid)).toBe(false);
    await following;
    for (const output of late.outputs) expect(existsSync(output.path)).toBe(false);
    for (const output of next.outputs) expect(existsSync(output.path)).toBe(true);
  });

  test('T57: a crash in the middle of a picture costs that picture only', async () => {
    const worker = start();
    await worker.run(task(small));
    for (const signal of ['SIGSEGV', 'SIGABRT', 'SIGKILL'] as const) {
      const { pid, refusal } = await makeBusy(worker, task(slow));
      const next = worker.run(task(small));
      process.kill(pid, signal);
      expect(await refusal).toBe(signal === 'SIGKILL' ? 'out_of_memory' : 'worker_failed');
      expect((await next).kind).toBe('render');
    }
    expect(warnings).toHaveLength(3);
  });

  test('a crash between two pictures costs none', async () => {
    const worker = start();
    await worker.run(task(small));
    process.kill(pidOf(worker), 'SIGKILL');
    expect(await refusalOf(worker.run(task(small)))).toBe('done');
  });

  test('may not take more memory than it is given', async () => {
    const worker = start({ memoryBytes: 12 * 1024 * 1024 });
    const refusal = await refusalOf(worker.run(task(slow)));
    expect(refusal).toBe('out_of_memory');
    expect(await refusalOf(start().run(task(slow)))).toBe('done');
  });

  test('leaves when it is told to by its own growth, without losing a picture', async () => {
    const worker = start();
    const pids = new Set<number>();
    for (let round = 0; round < 210; round += 1) {
      const tiny = { ...task(small), outputs: [] };
      await worker.run(tiny);
      const { pid } = worker.state();
      if (pid !== null) pids.add(pid);
    }
    expect(pids.size).toBeGreaterThan(1);
  });

  test('refuses what waits when the server closes, and more than may wait', async () => {
    const worker = start({ maxWaiting: 1 });
    const running = refusalOf(worker.run(task(slow)));
    const waiting = refusalOf(worker.run(task(small)));
    expect(await refusalOf(worker.run(task(small)))).toBe('worker_failed');
    await until(() => worker.state().pid !== null);
    const pid = pidOf(worker);
    await worker.close();
    expect(await waiting).toBe('worker_failed');
    expect(['done', 'worker_failed', 'out_of_memory']).toContain(await running);
    expect(isAlive(pid)).toBe(false);
    expect(await refusalOf(worker.run(task(small)))).toBe('worker_failed');
  });

  test('does not outlive a server that is killed, busy or not', async () => {
    for (const source of [slow, small]) {
      const script = await folder.write('server.ts', Buffer.from(serverScript(source)));
      const root = new URL('../../', import.meta.url).pathname;
      const server = Bun.spawn([process.execPath, script], { cwd: root, stdout: 'pipe' });
      const { value } = await server.stdout.getReader().read();
      const pid = Number(new TextDecoder().decode(value));
      expect(isAlive(pid)).toBe(true);
      server.kill('SIGKILL');
      await server.exited;
      expect(await until(() => !isAlive(pid), 2000)).toBe(true);
    }
  });
});

function serverScript(source: string): string {
  const client = new URL('../../src/base/platform/images/client.ts', import.meta.url).pathname;
  const options = { command: [process.execPath, main], nativeDir };
  return `
    import { createImageWorker } from ${JSON.stringify(client)};
    const worker = createImageWorker({ ...${JSON.stringify(options)}, log: { warn() {} } });
    const task = ${JSON.stringify(task(source))};
    const work = worker.run(task);
    ${source === small ? 'await work;' : 'await Bun.sleep(250);'}
    console.log(worker.state().pid);
    setInterval(() => {}, 1000);
  `;
}
