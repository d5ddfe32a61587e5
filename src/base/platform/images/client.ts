import { unlinkSync } from 'node:fs';
import type { ImageResult, ImageTask } from './contract.ts';
import { ImageRefused } from './refused.ts';
import {
  createWorkerProcess,
  WorkerGone,
  type WorkerOptions,
  type WorkerProcess,
} from './worker-process.ts';

export type ImageWorkerOptions = {
  /** The program and its arguments: the same executable with the verb `image-worker`. */
  command: string[];
  /** Where native libraries are unpacked; never the system's temporary directory. */
  nativeDir: string;
  /** Milliseconds without a task after which the child is ended. */
  idleMs?: number;
  /** Milliseconds that one task may take. */
  deadlineMs?: number;
  /** Bytes that a decoder may allocate. */
  memoryBytes?: number;
  /** Tasks that may wait; one more is refused with 'worker_failed'. */
  maxWaiting?: number;
  log: WorkerOptions['log'];
};

export type ImageWorker = {
  /** Does one task; throws `ImageRefused`. The task's output files exist only if it succeeds. */
  run(task: ImageTask): Promise<ImageResult>;
  /** Processes alive and tasks waiting or running, for metrics. */
  state(): { pid: number | null; tasks: number };
  /** Refuses what waits, ends the child and waits for its end. */
  close(): Promise<void>;
};

type Waiting = {
  task: ImageTask;
  resolve(result: ImageResult): void;
  reject(error: unknown): void;
};

/**
 * The server's side of the image worker: one child, started by the first task and ended when idle; one
 * task at a time, the others wait in order. A child that crashes or is killed at the deadline costs the
 * task that it had, never the next one.
 */
export function createImageWorker(options: ImageWorkerOptions): ImageWorker {
  const { idleMs = 20_000, maxWaiting = 500 } = options;
  const settings: WorkerOptions = {
    command: options.command,
    nativeDir: options.nativeDir,
    deadlineMs: options.deadlineMs ?? 30_000,
    memoryBytes: options.memoryBytes ?? 512 * 1024 * 1024,
    log: options.log,
  };
  const queue: Waiting[] = [];
  let child: WorkerProcess | null = null;
  let busy = false;
  let closed = false;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const next = async (): Promise<void> => {
    const waiting = queue.shift();
    if (waiting === undefined || busy) return;
    busy = true;
    clearTimeout(idle);
    try {
      waiting.resolve(await perform(waiting.task));
    } catch (error) {
      removeOutputs(waiting.task);
      waiting.reject(error);
    } finally {
      busy = false;
      if (queue.length > 0) void next();
      else rest();
    }
  };

  const perform = async (task: ImageTask): Promise<ImageResult> => {
    if (child === null || !child.usable()) child = createWorkerProcess(settings);
    try {
      return await child.perform(task);
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error;
      child = createWorkerProcess(settings);
      return await child.perform(task);
    }
  };

  const rest = (): void => {
    if (child !== null && !child.usable()) child = null;
    const resting = child;
    idle = setTimeout(() => {
      child = null;
      void resting?.end();
    }, idleMs);
    idle.unref();
  };

  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new ImageRefused('worker_failed', 'the image worker is closed'));
        if (queue.length >= maxWaiting) {
          return reject(new ImageRefused('worker_failed', 'too many pictures are waiting'));
        }
        queue.push({ task, resolve, reject });
        if (!busy) void next();
      }),
    state: () => ({ pid: child?.pid ?? null, tasks: queue.length + (busy ? 1 : 0) }),
    close: async () => {
      closed = true;
      clearTimeout(idle);
      const stopped = new ImageRefused('worker_failed', 'the server is stopping');
      for (const waiting of queue.splice(0)) waiting.reject(stopped);
      await child?.end();
    },
  };
}

/** A task that failed may have written some of its files, or half of one. */
function removeOutputs(task: ImageTask): void {
  const paths = task.kind === 'clean' ? [task.path] : task.outputs.map((output) => output.path);
  for (const path of paths) {
    try {
      unlinkSync(path);
    } catch {
      // It was never written.
    }
  }
}
