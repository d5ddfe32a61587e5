import { AppError } from '#base/core/errors.ts';
import { readLines } from '#base/platform/images/protocol.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { diskFull } from '#domain/storage/quota.ts';
import type { ReaderAnswer, ReaderTask } from './import-worker.ts';

/** A child that reads archives; one task at a time. */
export type ArchiveReader = {
  /** Throws AppError `invalid` with what is wrong with the archive, `out_of_space`, or `unavailable`. */
  ask<Kind extends 'planned' | 'extracted'>(
    kind: Kind,
    task: ReaderTask,
    deadlineMs: number,
  ): Promise<Extract<ReaderAnswer, { kind: Kind }>>;
  end(): Promise<void>;
};

/** Starts `tintype import-worker` without an environment; it dies with this process. */
export function startReader(nativeDir: string): ArchiveReader {
  const child = Bun.spawn(ownCommand('import-worker'), {
    env: { BUN_TMPDIR: nativeDir, TMPDIR: nativeDir },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const lines = readLines(child.stdout);
  const next = async (deadlineMs: number): Promise<ReaderAnswer | null> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    try {
      for (;;) {
        const { done, value } = await lines.next();
        if (done) return null;
        if (value.startsWith('{"kind":')) return JSON.parse(value) as ReaderAnswer;
      }
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    ask: async (kind, task, deadlineMs) => {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      await child.stdin.flush();
      const answer = await next(deadlineMs);
      if (answer?.kind === kind) return answer as never;
      throw explain(answer);
    },
    end: async () => {
      await Promise.resolve(child.stdin.end()).catch(() => undefined);
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}

function explain(answer: ReaderAnswer | null): AppError {
  if (answer?.kind === 'refused') return new AppError('invalid', answer.sentence);
  if (answer === null) {
    const sentence = 'This archive takes more time or memory to read than it may.';
    return new AppError('invalid', sentence);
  }
  const cause = new Error(answer.kind === 'failed' ? answer.message : 'another answer');
  if (/ENOSPC|EDQUOT/.test(cause.message)) return diskFull(cause);
  return new AppError('unavailable', 'The archive could not be read just now.', { cause });
}
