import { join } from 'node:path';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { takeLock } from '#base/platform/lock.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import { probeCopy } from '#domain/backup/probe-copy.ts';
import { changeOver } from '#domain/upkeep/change-over.ts';
import { lookForRelease } from '#domain/upkeep/look-for-release.ts';
import { prepareUpdate } from '#domain/upkeep/prepare-update.ts';
import { returnToPrevious } from '#domain/upkeep/settle-update.ts';
import { readUpdateRecord, type UpdateRun, writeUpdateRun } from '#domain/upkeep/update-record.ts';
import { askServer } from './admin.ts';
import { rehearse } from './rehearse.ts';
import { openUpdatePipe, type UpdatePipe } from './update-pipe.ts';

/**
 * `tintype update-worker`, started by `tintype update` as the user whose data it is: everything of an
 * update but what touches the folder of the executable, which may belong to root and is asked for.
 */
export async function run(_argv: string[]): Promise<number> {
  process.umask(0o077);
  const pipe = await openUpdatePipe();
  try {
    await (pipe.order.mode === 'check' ? check(pipe) : update(pipe));
    return 0;
  } catch (thrown) {
    const error = asDiskTrouble(thrown) ?? thrown;
    if (!(error instanceof AppError)) throw error;
    pipe.tell({ tell: 'failed', kind: error.kind, message: error.message });
    return 1;
  }
}

async function check(pipe: UpdatePipe): Promise<void> {
  const { found, file } = await lookForRelease(pipe.order, Date.now(), pipe.signal);
  const { version, date, notes } = found.manifest;
  pipe.tell({ tell: 'found', version, date, notes, isNewer: file !== null });
}

async function update(pipe: UpdatePipe): Promise<void> {
  const { order, signal } = pipe;
  const { found, file } = await lookForRelease(order, Date.now(), signal);
  const { version, date, notes } = found.manifest;
  pipe.tell({ tell: 'found', version, date, notes, isNewer: file !== null });
  if (file === null) return;
  const { executable, data } = order;
  if (executable === null) throw new AppError('conflict', 'There is no executable to update.');
  const isServing = await findServer(data, executable);
  await prepareUpdate(data, { version: order.version, executable }, found, file, {
    say: (line) => pipe.tell({ tell: 'say', line }),
    place: (download) =>
      pipe.ask({
        tell: 'place',
        download,
        manifest: Buffer.from(found.bytes).toString('base64'),
        signature: found.signature,
      }),
    backUp: () => backUp(data, signal),
    probe: (copy, staged) => probeCopy(copy, { command: [staged], signal }),
    now: Date.now,
    signal,
  });
  pipe.tell({ tell: 'say', line: 'Changing over …' });
  const changed = isServing ? orderServer(data) : changeHere(data, signal);
  await Promise.all([changed, watch(pipe, isServing)]);
}

/** True if a server runs; it must be the one that is to be updated. */
async function findServer(data: string, executable: string): Promise<boolean> {
  const answer = await askServer(data, 'update.status', {});
  if (answer === null) return false;
  const { executable: its } = (answer.result ?? {}) as { executable?: string | null };
  if (its === executable) return true;
  throw new AppError(
    'conflict',
    `The server that runs on this data is another file${its ? ` (${its})` : ''}; update it with that one.`,
  );
}

async function orderServer(data: string): Promise<void> {
  const answer = await askServer(data, 'update.change_over', {});
  if (answer?.error === undefined && answer !== null) return;
  throw new AppError('unavailable', answer?.error?.message ?? 'The server is gone; try again.');
}

async function changeHere(data: string, signal: AbortSignal): Promise<void> {
  await changeOver(data, {
    rehearse: (staged, ended) => rehearse(staged, ['--data', data], ended),
    now: Date.now,
    signal,
  });
}

const SERVER_TAKES = 45 * 60_000;
/** A service waits five seconds between two starts; milliseconds after which nobody starts any more. */
const NOBODY_STARTS = 12_000;

/** Follows what the one who changes over writes, until it is over. */
async function watch(pipe: UpdatePipe, isServing: boolean): Promise<void> {
  const { data } = pipe.order;
  const end = Date.now() + SERVER_TAKES;
  let isHanded = false;
  let lastSeen = Date.now();
  while (Date.now() < end) {
    const { run } = readUpdateRecord(data);
    if (run?.phase === 'proven' && run.handed && !isHanded) {
      isHanded = true;
      await pipe.ask({ tell: 'swap' });
    }
    if (run?.phase === 'done' || (run?.phase === 'swapped' && !isServing)) {
      pipe.tell({ tell: 'done', isServing });
      return;
    }
    if (run?.phase === 'returned') await putBack(pipe);
    else if (run?.phase === 'failed') throw takenBack(run);
    if (run?.phase !== 'swapped' || isHeld(data)) lastSeen = Date.now();
    else if (Date.now() - lastSeen > NOBODY_STARTS) await takeBack(pipe);
    await Bun.sleep(100);
  }
  throw new AppError('unavailable', 'The server does not say how it went; look at its log.');
}

function takenBack(run: UpdateRun): AppError {
  const why = run.detail ?? '';
  return new AppError(
    'unavailable',
    `The update was taken back, and version ${run.from} goes on with your data as it was. ${why}`.trim(),
  );
}

// The new executable ended before it could look after itself. What starts it again, if anything does,
// will find the old one.
async function takeBack(pipe: UpdatePipe): Promise<void> {
  const { data } = pipe.order;
  const lock = takeLock(join(data, 'lock'));
  if (!('release' in lock)) return;
  try {
    if (readUpdateRecord(data).run?.phase !== 'swapped') return;
    returnToPrevious(data, 'The new version ended at once when it was started.', Date.now());
  } finally {
    lock.release();
  }
  pipe.tell({ tell: 'say', line: 'If nothing starts the server by itself, start it now.' });
}

// The old one runs from beside its place, which is somebody else's.
async function putBack(pipe: UpdatePipe): Promise<void> {
  await pipe.ask({ tell: 'swap back' });
  writeUpdateRun(pipe.order.data, { phase: 'failed' });
}

function isHeld(data: string): boolean {
  const lock = takeLock(join(data, 'lock'));
  if (!('release' in lock)) return true;
  lock.release();
  return false;
}

/** Has a backup made and verified by the verb for that, beside a running server or without one. */
async function backUp(data: string, signal: AbortSignal): Promise<string> {
  const child = Bun.spawn([...ownCommand('backup'), 'create', '--data', data], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    signal,
  });
  const [code, said] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  signal.throwIfAborted();
  if (code === 0) return '  ok  There is a backup, and it was checked.';
  throw new AppError(
    'unavailable',
    `There is no good backup, so nothing was updated. ${said.trim()}`,
  );
}
