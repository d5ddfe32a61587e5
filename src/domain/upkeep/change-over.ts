import { statSync } from 'node:fs';
import { AppError } from '#base/core/errors.ts';
import { type Lock, takeLock } from '#base/platform/lock.ts';
import { putDatabaseAside } from './put-database-aside.ts';
import { failUpdate } from './settle-update.ts';
import { hashExecutable, swapExecutable } from './swap-executable.ts';
import { readUpdateRecord, type UpdateRun, updatePlaces, writeUpdateRun } from './update-record.ts';

/** How a change-over is done; `rehearse` opens the real data with a new executable and says what went wrong, null for nothing. */
export type ChangeOver = {
  rehearse(staged: string, signal: AbortSignal): Promise<string | null>;
  now(): number;
  signal: AbortSignal;
  /** Milliseconds for somebody with more rights to swap the executable. */
  swapTakes?: number;
};

const LOCK_TAKES = 20_000;
const SWAP_TAKES = 60_000;

/**
 * Goes from a tested update to the new version, in the old one, which has ended its server and left the
 * data: the database goes aside, the new executable opens the real data (migrates it), and only when
 * that went well it gets its name. Whatever goes wrong is taken back. Gives true when the new version
 * lies in its place.
 */
export async function changeOver(data: string, how: ChangeOver): Promise<boolean> {
  const places = updatePlaces(data);
  const own = await waitForLock(places.lock, how.signal);
  try {
    const { run } = readUpdateRecord(data);
    if (run?.phase !== 'tested' && run?.phase !== 'ordered') return false;
    try {
      await goOver(data, run, how);
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const lock = await waitForLock(`${data}/lock`, null);
      failUpdate(data, why, how.now());
      lock.release();
      return false;
    }
  } finally {
    own.release();
  }
}

async function goOver(data: string, run: UpdateRun, how: ChangeOver): Promise<void> {
  const lock = await waitForLock(`${data}/lock`, how.signal);
  try {
    requireSame(run);
    putDatabaseAside(data);
  } finally {
    lock.release();
  }
  const wrong = await how.rehearse(run.staged, how.signal);
  how.signal.throwIfAborted();
  if (wrong !== null) throw new AppError('unavailable', wrong);
  // It may have been changed while it ran.
  requireSame(run);
  writeUpdateRun(data, { phase: 'proven' });
  await swap(data, run, how);
  writeUpdateRun(data, { phase: 'swapped', handed: false, starts: 0 });
}

function requireSame(run: UpdateRun): void {
  if (hashExecutable(run.staged) === run.to.sha256) return;
  throw new AppError('forbidden', 'The new executable is not the one that was tested.');
}

// The folder of a service belongs to root: whoever started the update with more rights sees `proven`
// and swaps; we see another file under our name.
async function swap(data: string, run: UpdateRun, how: ChangeOver): Promise<void> {
  const before = statSync(run.executable).ino;
  try {
    swapExecutable(run.executable, run.staged);
    return;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
  }
  writeUpdateRun(data, { handed: true });
  const end = Date.now() + (how.swapTakes ?? SWAP_TAKES);
  while (statSync(run.executable).ino === before) {
    how.signal.throwIfAborted();
    if (Date.now() > end) throw new Error('Nobody put the new executable in its place in time.');
    await Bun.sleep(50);
  }
}

async function waitForLock(path: string, signal: AbortSignal | null): Promise<Lock> {
  const end = Date.now() + LOCK_TAKES;
  for (;;) {
    signal?.throwIfAborted();
    const lock = takeLock(path);
    if ('release' in lock) return lock;
    if (Date.now() > end) throw new AppError('conflict', 'Another Tintype has the data directory.');
    await Bun.sleep(50);
  }
}
