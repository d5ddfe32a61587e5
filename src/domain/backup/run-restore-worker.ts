import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError, type ErrorKind } from '#base/core/errors.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { readLines } from './pieces.ts';
import {
  type RestoreQuestion,
  type RestoreRequest,
  type RestoreWord,
  restoreWord,
} from './restore-contract.ts';

/** What the one who started a worker does meanwhile. */
export type WorkerHooks = {
  progress(text: string): void;
  /** Null: nobody answers. */
  answer(question: RestoreQuestion): Promise<string | boolean | null>;
  signal?: AbortSignal;
};

const LONGEST_WORD = 5_000_000;

/**
 * Has a child of the same executable restore, check or drill, and gives its report. A file that brings
 * the child down costs nothing else; a child whose parent is gone ends by itself. Throws what the child
 * refused with, `unavailable` if it ended without a word.
 */
export async function runRestoreWorker(
  request: RestoreRequest,
  hooks: WorkerHooks,
): Promise<unknown> {
  const child = Bun.spawn(ownCommand('restore-worker'), {
    // What SQLite sorts lies where there is room for the data, not in the system's /tmp.
    env: { SQLITE_TMPDIR: spareFolder(request.data), TMPDIR: spareFolder(request.data) },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    ...(hooks.signal ? { signal: hooks.signal } : {}),
  });
  const tell = async (line: unknown) => {
    child.stdin.write(`${JSON.stringify(line)}\n`);
    await child.stdin.flush();
  };
  const said = new Response(child.stderr).text();
  await tell(request);
  let end: Extract<RestoreWord, { say: 'refused' | 'done' }> | null = null;
  for await (const line of readLines(child.stdout, LONGEST_WORD)) {
    const word = v.parse(restoreWord, JSON.parse(line));
    if (word.say === 'progress') hooks.progress(word.text);
    else if (word.say === 'ask') await tell(await hooks.answer(word.question));
    else end = word;
  }
  await child.exited;
  hooks.signal?.throwIfAborted();
  if (end?.say === 'done') return end.report;
  if (end?.say === 'refused') throw new AppError(end.kind as ErrorKind, end.message);
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  throw new AppError(
    'unavailable',
    `The work on the backup ended before it was done (${how}). ${(await said).trim().slice(-500)}`.trim(),
  );
}

/** A folder on the disk of the data, or as near as there is one already. */
export function spareFolder(data: string): string {
  return [join(data, 'tmp'), dirname(data)].find((path) => existsSync(path)) ?? tmpdir();
}
