import { existsSync, rmSync } from 'node:fs';
import { takeLock } from '#base/platform/lock.ts';
import { ownExecutable } from '#base/platform/own-executable.ts';
import { takeDatabaseBack } from './put-database-aside.ts';
import {
  hashExecutable,
  previousExecutable,
  putExecutableBack,
  stagedExecutable,
} from './swap-executable.ts';
import { readUpdateRecord, type UpdateRun, updatePlaces, writeUpdateRun } from './update-record.ts';

/** What the start of a server finds: nothing to mind, a first start of a new version, or another file to start. */
export type Settled = { kind: 'none' } | { kind: 'trial' } | { kind: 'become'; executable: string };

const MOST_STARTS = 2;

/**
 * Brings an update to rest that something cut short (SIGKILL, a power cut), before the database is
 * opened: what was not finished is taken back. Does nothing while the process that updates still lives.
 */
export function settleUpdate(data: string, now: number, executable = ownExecutable()): void {
  const { run } = readUpdateRecord(data);
  if (run === null || run.phase === 'done' || run.phase === 'failed') return;
  const lock = takeLock(updatePlaces(data).lock);
  if (!('release' in lock)) return;
  try {
    settle(data, run, now, executable);
  } finally {
    lock.release();
  }
}

/**
 * What a server must know before it opens its data, `settleUpdate` included. A first start of a new
 * version is counted; one that failed twice without saying so is not tried again.
 */
export function settleStart(data: string, now: number, executable = ownExecutable()): Settled {
  settleUpdate(data, now, executable);
  const { run } = readUpdateRecord(data);
  if (run === null || executable === null) return { kind: 'none' };
  // Whoever can write the record must not choose what is started, perhaps by root.
  if (run.executable !== executable) return { kind: 'none' };
  if (run.phase === 'returned' && isNew(run, executable)) {
    return { kind: 'become', executable: previousExecutable(run.executable) };
  }
  if (run.phase !== 'swapped' || !isNew(run, executable)) return { kind: 'none' };
  if (run.starts >= MOST_STARTS) {
    const detail = 'The new version was started twice and did not come up.';
    return { kind: 'become', executable: returnToPrevious(data, detail, now) };
  }
  writeUpdateRun(data, { starts: run.starts + 1 });
  return { kind: 'trial' };
}

/**
 * Takes back an update whose new version was swapped in and does not work: database and executable as
 * before. Gives the path of the executable to go on with: where its folder cannot be written to (a
 * service), the old one runs from beside its place.
 */
export function returnToPrevious(data: string, detail: string, now: number): string {
  const { run } = readUpdateRecord(data);
  if (run === null) throw new Error('There is no update to take back.');
  takeDatabaseBack(data);
  let isBack = false;
  try {
    isBack = putExecutableBack(run.executable);
  } catch {
    // The folder belongs to somebody else.
  }
  writeUpdateRun(data, { phase: isBack ? 'failed' : 'returned', detail, endedAt: now });
  return isBack ? run.executable : previousExecutable(run.executable);
}

/** Ends an update that changed nothing yet, or whose changes are taken back. */
export function failUpdate(data: string, detail: string, now: number): void {
  const places = updatePlaces(data);
  const { run } = readUpdateRecord(data);
  takeDatabaseBack(data);
  for (const path of [places.trial, places.download])
    rmSync(path, { recursive: true, force: true });
  if (run === null) return;
  try {
    // The record may be another user's: nothing of what it names is removed but this.
    if (run.staged === stagedExecutable(run.executable)) rmSync(run.staged, { force: true });
  } catch {
    // It is in nobody's way.
  }
  writeUpdateRun(data, { phase: 'failed', detail, endedAt: now });
}

function settle(data: string, run: UpdateRun, now: number, executable: string | null): void {
  const mayBeNew = run.phase === 'proven' || run.phase === 'swapped' || run.phase === 'returned';
  if (mayBeNew && executable !== null && isNew(run, executable)) {
    if (run.phase === 'proven') writeUpdateRun(data, { phase: 'swapped', starts: 0 });
    return;
  }
  const why =
    run.phase === 'returned'
      ? (run.detail ?? 'The new version did not come up.')
      : 'The update was cut short; everything is as it was before.';
  failUpdate(data, why, now);
}

function isNew(run: UpdateRun, executable: string): boolean {
  return existsSync(executable) && hashExecutable(executable) === run.to.sha256;
}
