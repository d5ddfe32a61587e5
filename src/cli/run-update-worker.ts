import { rmSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { judgeRelease } from '#domain/upkeep/judge-release.ts';
import { stageExecutable } from '#domain/upkeep/stage-executable.ts';
import {
  hashExecutable,
  putExecutableBack,
  stagedExecutable,
  swapExecutable,
} from '#domain/upkeep/swap-executable.ts';
import { readUpdateRecord } from '#domain/upkeep/update-record.ts';
import { verifyRelease } from '#domain/upkeep/verify-release.ts';
import type { Owner } from './foreign-owner.ts';
import { printable } from './printable.ts';
import { readLines, type UpdateOrder, type UpdateWord } from './update-pipe.ts';

type Found = Extract<UpdateWord, { tell: 'found' }>;

const PROGRAM = 0o755;

/**
 * Starts the worker of an update (as another user, if the data is another's), prints what it says, and
 * does for it what only the owner of the executable's folder may. It believes the worker nothing:
 * signature and hash are checked again here. Throws what the worker failed with.
 */
export async function runUpdateWorker(
  order: UpdateOrder,
  as: Owner | null,
  say: (line: string) => void,
): Promise<{ found: Omit<Found, 'tell'>; installed: { isServing: boolean } | null }> {
  const worker = Bun.spawn(ownCommand('update-worker'), {
    ...as,
    cwd: '/',
    // Ctrl+C reaches us alone; the worker then clears away what it made.
    detached: true,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const breakOff = () => {
    void worker.stdin.end();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, breakOff);
  const hand = createHand(order);
  let found: Found | null = null;
  let installed: { isServing: boolean } | null = null;
  let failure: AppError | null = null;
  const send = (value: unknown) => {
    worker.stdin.write(`${JSON.stringify(value)}\n`);
    void worker.stdin.flush();
  };
  send(order);
  for await (const line of readLines(worker.stdout)) {
    const word = JSON.parse(line) as UpdateWord;
    if (word.tell === 'say') say(printable(word.line));
    else if (word.tell === 'found') found = readable(word);
    else if (word.tell === 'done') installed = word;
    else if (word.tell === 'failed') failure = new AppError(word.kind, printable(word.message));
    else send(await hand(word));
  }
  const code = await worker.exited;
  if (failure !== null) hand.clear();
  if (failure !== null) throw failure;
  if (code !== 0 || found === null) throw new AppError('unavailable', 'The update was broken off.');
  const { tell: _tell, ...rest } = found;
  return { found: rest, installed: installed === null ? null : { isServing: installed.isServing } };
}

function readable(word: Found): Found {
  const { version, date, notes } = word;
  return {
    ...word,
    version: printable(version),
    date: printable(date),
    notes: printable(notes),
  };
}

type Hand = {
  (
    word: Extract<UpdateWord, { tell: 'place' | 'swap' | 'swap back' }>,
  ): Promise<{ error?: string }>;
  clear(): void;
};

function createHand(order: UpdateOrder): Hand {
  let sha256: string | null = null;
  let isSwapped = false;
  const { executable } = order;
  const staged = executable === null ? '' : stagedExecutable(executable);
  const place = async (word: Extract<UpdateWord, { tell: 'place' }>) => {
    const manifest = verifyRelease(Buffer.from(word.manifest, 'base64'), word.signature, order.key);
    // How old the announcement is was looked at where it was fetched.
    const asker = { ...order, now: Date.now() };
    const file = judgeRelease({ manifest, isHere: true }, null, asker);
    if (file === null) throw new AppError('conflict', 'There is nothing newer.');
    await stageExecutable(file, word.download, staged, { mode: PROGRAM });
    sha256 = file.sha256;
  };
  const swap = () => {
    if (executable === null || sha256 === null || hashExecutable(staged) !== sha256) {
      throw new AppError('forbidden', 'The new executable is not the one that was checked.');
    }
    swapExecutable(executable, staged);
    isSwapped = true;
    // Who waited for this may just have given up.
    const { run } = readUpdateRecord(order.data);
    if (run?.phase === 'failed') putExecutableBack(executable);
  };
  const hand = async (word: Parameters<Hand>[0]): Promise<{ error?: string }> => {
    try {
      if (word.tell === 'place') await place(word);
      else if (word.tell === 'swap') swap();
      // Back from what was swapped here, and no further: else it led to an older version.
      else if (executable !== null && isSwapped) putExecutableBack(executable);
      return {};
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
  const clear = () => {
    if (sha256 !== null) rmSync(staged, { force: true });
  };
  return Object.assign(hand, { clear });
}
