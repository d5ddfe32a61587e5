import { mkdirSync, rmSync } from 'node:fs';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError, type ErrorKind } from '#base/core/errors.ts';
import type { Files } from '#base/platform/files.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { readLines } from './pieces.ts';
import type { BackupProgress, TellProgress } from './progress.ts';
import type { WorkOrder, WorkReports } from './work.ts';

/** One line that a child says. */
export type WorkMessage =
  | { progress: BackupProgress }
  | { done: object }
  | { failed: { kind: ErrorKind | null; message: string } };

type Order = { [K in WorkOrder['kind']]: Omit<Extract<WorkOrder, { kind: K }>, 'stage'> };

const LINE_MAX = 10_000_000;

/**
 * Has a child process of this program do work on a place, with the lowest priority; the order, which
 * holds secrets, goes through its standard input. The child ends when this process does, or when
 * `signal` says so. Throws what the child threw. Its folder for files in between goes in any case.
 */
export async function runWork<Kind extends WorkOrder['kind']>(
  files: Pick<Files, 'tempPath' | 'native'>,
  order: Order[Kind] & { kind: Kind },
  how: { signal?: AbortSignal; tell?: TellProgress } = {},
): Promise<WorkReports[Kind]> {
  const stage = `${files.tempPath()}-backup`;
  try {
    mkdirSync(stage, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asDiskTrouble(error) ?? error;
  }
  try {
    const { signal, tell } = how;
    const child = Bun.spawn(ownCommand('backup-worker'), {
      // Whatever SQLite or Bun keep beside goes where it is found again.
      env: { SQLITE_TMPDIR: stage, TMPDIR: stage, BUN_TMPDIR: files.native },
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      ...(signal ? { signal, killSignal: 'SIGKILL' } : {}),
    });
    const said = new Response(child.stderr).text();
    child.stdin.write(`${JSON.stringify({ ...order, stage })}\n`);
    await child.stdin.flush();
    // The pipe stays open: its end tells the child that nobody waits for it any more.
    const last = await listen(child.stdout, tell);
    await child.exited;
    child.stdin.end();
    if (last !== null && 'done' in last) return last.done as WorkReports[Kind];
    throw failureOf(last, child.signalCode, await said, signal);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

async function listen(
  stdout: ReadableStream<Uint8Array>,
  tell: TellProgress | undefined,
): Promise<Exclude<WorkMessage, { progress: unknown }> | null> {
  let last: Exclude<WorkMessage, { progress: unknown }> | null = null;
  for await (const line of readLines(stdout, LINE_MAX)) {
    const message = JSON.parse(line) as WorkMessage;
    if ('progress' in message) tell?.(message.progress);
    else last = message;
  }
  return last;
}

function failureOf(
  last: WorkMessage | null,
  killedBy: string | number | null,
  said: string,
  signal: AbortSignal | undefined,
): Error {
  if (last !== null && 'failed' in last) {
    const { kind, message } = last.failed;
    return kind === null ? new Error(message) : new AppError(kind, message);
  }
  if (signal?.aborted === true) {
    return new AppError('unavailable', 'It was stopped before its end; the next run begins anew.');
  }
  if (killedBy === 'SIGXFSZ') {
    return new AppError('out_of_space', 'A file became larger than this system allows it to be.');
  }
  const why = killedBy?.toString() ?? said.trim().split('\n').at(-1) ?? '';
  return new AppError(
    'unavailable',
    `The work ended unexpectedly (${why}); the next run begins anew.`,
  );
}
