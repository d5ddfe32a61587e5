import { cleanOriginal } from './clean-original.ts';
import type { ImageRefusal, ImageResult, ImageTask } from './contract.ts';
import { loadSharp, type SharpModule } from './native.ts';
import { dieWithParent, limitMemory, residentBytes } from './process-limits.ts';
import { readLines, type WorkerReply, type WorkerRequest, type WorkerStart } from './protocol.ts';
import { ImageRefused } from './refused.ts';
import { renderImage } from './render.ts';

const tasksBeforeLeaving = 200;
const residentBeforeLeaving = 150 * 1024 * 1024;

/** A picture that a decoder stumbled over may have left it in any state: the next one gets a fresh process. */
const spoilsDecoder = new Set<ImageRefusal>(['damaged', 'out_of_memory', 'worker_failed']);

/** Readers of the five kinds of picture that are taken; every other one of libvips is switched off. */
const allowedLoaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'];

/** How libvips, its codecs, glib and the engine say that the limit is reached. */
const outOfMemory =
  /out of memory|insufficient memory|cannot allocate|allocation failed|bad_alloc|creating thread/i;

/**
 * The image worker: reads tasks as JSON lines on stdin, answers on stdout, one at a time. Ends when
 * stdin ends, when its parent is gone, after 200 tasks, when it has grown beyond 150 MB, or when a
 * decoder failed (it says so with its last answer). Gives the exit code.
 */
export async function runImageWorker(): Promise<number> {
  const lines = readLines(Bun.stdin.stream());
  const first = await lines.next();
  if (first.done) return 0;
  const start = JSON.parse(first.value) as WorkerStart;
  const sharp = prepare(start);
  let done = 0;
  for await (const line of lines) {
    const { id, task } = JSON.parse(line) as WorkerRequest;
    await answer({ kind: 'begun', id });
    const outcome = await perform(sharp, task, start.memoryBytes);
    done += 1;
    const leaving =
      done >= tasksBeforeLeaving ||
      residentBytes() > residentBeforeLeaving ||
      ('refusal' in outcome && spoilsDecoder.has(outcome.refusal));
    await answer(
      'result' in outcome
        ? { kind: 'done', id, result: outcome.result, leaving }
        : { kind: 'refused', id, ...outcome, leaving },
    );
    if (leaving) return 0;
    // Rasters lie outside of the engine's heap, so that it sees no reason to collect them by itself.
    Bun.gc(true);
  }
  return 0;
}

function prepare(start: WorkerStart): SharpModule {
  const watched = dieWithParent();
  // The parent may have died before the kernel was asked.
  if (process.ppid !== start.parent) process.exit(0);
  const sharp = loadSharp(start.nativeDir);
  sharp.cache(false);
  // The sizes are encoded side by side already; a second thread in each costs memory and gains nothing.
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: allowedLoaders.map((name) => `VipsForeignLoad${name}`) });
  const limited = limitMemory(start.memoryBytes);
  void answer({
    kind: 'ready',
    memoryLimit: limited ? 'set' : 'unavailable',
    parentWatch: watched ? 'set' : 'unavailable',
  });
  return sharp;
}

type Outcome = { result: ImageResult } | { refusal: ImageRefusal; detail: string };

async function perform(sharp: SharpModule, task: ImageTask, memoryBytes: number): Promise<Outcome> {
  try {
    const work = task.kind === 'render' ? renderImage : cleanOriginal;
    // The kind chose the function that takes exactly this task.
    const result = await (work as (...args: unknown[]) => Promise<ImageResult>)(
      sharp,
      task,
      memoryBytes,
    );
    return { result };
  } catch (error) {
    return explain(error);
  }
}

/** What sharp or libheif threw: out of memory, our disk's fault, or a picture that cannot be read. */
function explain(error: unknown): { refusal: ImageRefusal; detail: string } {
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  if (error instanceof ImageRefused) return { refusal: error.refusal, detail };
  if (outOfMemory.test(detail)) {
    return { refusal: 'out_of_memory', detail };
  }
  if (/pixel limit/i.test(detail)) return { refusal: 'too_many_pixels', detail };
  if (error instanceof Error && 'syscall' in error) return { refusal: 'worker_failed', detail };
  return { refusal: 'damaged', detail };
}

async function answer(reply: WorkerReply): Promise<void> {
  await Bun.write(Bun.stdout, `${JSON.stringify(reply)}\n`);
}
