import type { ImageResult, ImageTask } from './contract.ts';
import { readLines, type WorkerReply, type WorkerRequest, type WorkerStart } from './protocol.ts';
import { ImageRefused } from './refused.ts';

export type WorkerOptions = {
  command: string[];
  nativeDir: string;
  deadlineMs: number;
  memoryBytes: number;
  log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
};

/** The child was gone before it began with the task, which may be given to another one. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';
}

/** One running child. It has at most one task at a time. */
export type WorkerProcess = {
  pid: number;
  /** False after it said that it leaves, and when it has ended. */
  usable(): boolean;
  /** Throws `ImageRefused`, or `WorkerGone`. */
  perform(task: ImageTask): Promise<ImageResult>;
  /** Lets it finish by closing its stdin, kills it after two seconds, waits for its end. */
  end(): Promise<void>;
};

type Answer = WorkerReply & { kind: 'done' | 'refused' };

type Current = { id: number; begin(): void; settle(answer: Answer | null): void };

const graceMs = 2000;
const stderrLength = 2000;

/** Starts `tintype image-worker` with next to no environment and speaks the protocol with it. */
export function createWorkerProcess(options: WorkerOptions): WorkerProcess {
  const child = spawnChild(options);
  let usable = true;
  let nextId = 1;
  let current: Current | null = null;
  let complaints = '';

  const send = async (line: WorkerStart | WorkerRequest): Promise<void> => {
    try {
      child.stdin.write(`${JSON.stringify(line)}\n`);
      await child.stdin.flush();
    } catch {
      // The pipe is broken because the child has ended; `over` settles what it had.
    }
  };

  const listen = async (): Promise<void> => {
    for await (const line of readLines(child.stdout)) {
      const reply = parseReply(line);
      if (reply === null) continue;
      if (reply.kind === 'ready') warnUnlimited(options, reply);
      else if (current === null || reply.id !== current.id) continue;
      else if (reply.kind === 'begun') current.begin();
      else {
        if (reply.leaving) usable = false;
        current.settle(reply);
      }
    }
  };

  const overhear = async (): Promise<void> => {
    for await (const line of readLines(child.stderr)) {
      complaints = `${complaints}${line}\n`.slice(-stderrLength);
    }
  };

  const over = Promise.allSettled([listen(), overhear(), child.exited]).then(() => {
    usable = false;
    current?.settle(null);
  });
  const { nativeDir, memoryBytes } = options;
  void send({ kind: 'start', parent: process.pid, nativeDir, memoryBytes });

  return {
    pid: child.pid,
    usable: () => usable && child.exitCode === null && child.signalCode === null,
    perform: async (task) => {
      const id = nextId;
      nextId += 1;
      let late = false;
      const deadline = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, options.deadlineMs);
      let begun = false;
      const begin = () => {
        begun = true;
      };
      const reply = await new Promise<Answer | null>((settle) => {
        current = { id, begin, settle };
        void send({ kind: 'task', id, task });
      });
      clearTimeout(deadline);
      current = null;
      if (reply?.kind === 'done') return reply.result;
      if (reply?.kind === 'refused') throw new ImageRefused(reply.refusal, reply.detail);
      if (late) throw new ImageRefused('too_slow', `killed after ${options.deadlineMs} ms`);
      // A fresh one that never begins would never begin: only one that had served may be replaced.
      if (!begun && id > 1) throw new WorkerGone('the worker had ended before this picture');
      options.log.warn('The image worker ended in the middle of a picture.', {
        exit: child.exitCode ?? child.signalCode,
        stderr: complaints,
      });
      throw diedBusy(child.exitCode, child.signalCode, complaints);
    },
    end: async () => {
      usable = false;
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await Promise.resolve(child.stdin.end()).catch(() => undefined);
      await over;
      clearTimeout(killer);
    },
  };
}

function spawnChild({ command, nativeDir }: WorkerOptions) {
  return Bun.spawn(command, {
    env: {
      BUN_TMPDIR: nativeDir,
      TMPDIR: nativeDir,
      // Two arenas instead of eight a core: the peak falls by a third.
      MALLOC_ARENA_MAX: '2',
    },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

function parseReply(line: string): WorkerReply | null {
  // A library that prints a warning must not end the conversation.
  if (!line.startsWith('{"kind":')) return null;
  return JSON.parse(line) as WorkerReply;
}

function warnUnlimited(options: WorkerOptions, reply: WorkerReply & { kind: 'ready' }): void {
  if (reply.memoryLimit === 'set' && reply.parentWatch === 'set') return;
  const { memoryLimit, parentWatch } = reply;
  options.log.warn('The image worker runs without all of its limits.', {
    memoryLimit,
    parentWatch,
  });
}

/** The kernel's own SIGKILL and a failed allocation mean memory; everything else is a crash. */
function diedBusy(
  code: number | null,
  signal: string | number | null,
  complaints: string,
): ImageRefused {
  const memory = signal === 'SIGKILL' || /memory|alloc/i.test(complaints);
  const detail = `the worker ended with ${signal ?? code}`;
  return new ImageRefused(memory ? 'out_of_memory' : 'worker_failed', detail);
}
