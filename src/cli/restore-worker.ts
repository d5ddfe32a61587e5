import { setPriority } from 'node:os';
import * as v from 'valibot';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { checkBackup } from '#domain/backup/check-backup.ts';
import { drillRestore } from '#domain/backup/drill-restore.ts';
import { readLines } from '#domain/backup/pieces.ts';
import { type BackupPlace, openPlace } from '#domain/backup/place.ts';
import { restoreBackup } from '#domain/backup/restore-backup.ts';
import {
  type RestoreQuestion,
  type RestoreRequest,
  type RestoreWord,
  restoreRequest,
} from '#domain/backup/restore-contract.ts';
import { settleUpdate } from '#domain/upkeep/settle-update.ts';

const LOW_PRIORITY = 10;
const LONGEST_LINE = 100_000;

/**
 * `tintype restore-worker`, started by `tintype restore` and by drills: reads what to do on standard
 * input, line by line in JSON, and tells how it goes on standard output. Ends when its input does, so it
 * does not outlive who started it; what it leaves then, the next start takes away.
 */
export async function run(): Promise<number> {
  process.umask(0o077);
  setPriority(LOW_PRIORITY);
  const lines = readLines(Bun.stdin.stream(), LONGEST_LINE);
  const first = await lines.next();
  if (first.done === true) return 2;
  const request = v.parse(restoreRequest, JSON.parse(first.value));
  const ask = listen(lines);
  try {
    say({ say: 'done', report: await work(request, ask) });
    return 0;
  } catch (error) {
    const told = toRefusal(error);
    say({ say: 'refused', kind: told.kind, message: told.message });
    return 1;
  }
}

type Ask = (question: RestoreQuestion) => Promise<unknown>;

/** Answers come in the order of questions; the end of the input is the end of the work. */
function listen(lines: AsyncGenerator<string>): Ask {
  const waiting: ((answer: unknown) => void)[] = [];
  const read = async () => {
    for await (const line of lines) waiting.shift()?.(JSON.parse(line));
    process.exit(1);
  };
  void read();
  return (question) => {
    const answer = new Promise<unknown>((resolve) => waiting.push(resolve));
    say({ say: 'ask', question });
    return answer;
  };
}

async function work(request: RestoreRequest, ask: Ask): Promise<unknown> {
  const { task, name, data, scratch } = request;
  const progress = (text: string) => say({ say: 'progress', text });
  const place = await open(request, ask);
  if (task === 'check') {
    const { fingerprint } = request;
    return await checkBackup(place, { name, data, fingerprint }, scratch, progress);
  }
  if (task === 'drill') return await drillRestore(place, { name, data, scratch }, progress);
  const { fingerprint, withoutDamaged, endLogins } = request;
  return await restoreBackup(
    { place, name, data, fingerprint, withoutDamaged, endLogins },
    {
      ask: request.canAsk
        ? async (question) => (await ask({ about: 'trust', ...question })) === true
        : null,
      progress,
      settle: (directory) => settleUpdate(directory, Date.now()),
      now: Date.now,
      typed: request.typed,
    },
  );
}

/** Asks for the passphrase only where one is needed. */
async function open(request: RestoreRequest, ask: Ask): Promise<BackupPlace> {
  const { target, s3, passphrase } = request;
  try {
    return await openPlace(target, { s3, passphrase });
  } catch (error) {
    const isLocked = error instanceof AppError && error.kind === 'forbidden' && passphrase === null;
    if (!isLocked || !request.canAsk) throw error;
    const label = target.kind === 'directory' ? target.path : `s3:${target.bucket}`;
    const typed = await ask({ about: 'passphrase', label });
    if (typeof typed !== 'string') throw error;
    return await openPlace(target, { s3, passphrase: typed });
  }
}

function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(EFBIG|SQLITE_IOERR)/.test(code)) {
    return new AppError(
      'out_of_space',
      'The disk takes no more (it is full, or a limit was reached). The old data was not touched.',
    );
  }
  const trouble = asDiskTrouble(error);
  if (trouble !== null) return trouble;
  const why = error instanceof Error ? error.message : String(error);
  return new AppError('unavailable', `It could not be done: ${why}`);
}

function say(word: RestoreWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
